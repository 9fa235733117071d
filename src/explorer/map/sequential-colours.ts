/**
 * A scale from little to much, told apart with any kind of colour vision because its lightness runs
 * one way: ColorBrewer's YlGnBu (Brewer, Harrower), much being dark on light pages and light on dark ones.
 */
import { mixedStops, withoutScore, type Rgb, type Theme } from "./modality-colours.ts";

const stops: Record<Theme, readonly Rgb[]> = {
  light: [
    [168, 221, 181],
    [127, 205, 187],
    [65, 182, 196],
    [29, 145, 192],
    [34, 94, 168],
    [37, 52, 148],
    [8, 29, 88],
  ],
  dark: [
    [52, 68, 148],
    [44, 98, 176],
    [36, 142, 196],
    [65, 182, 196],
    [127, 205, 187],
    [199, 233, 180],
    [255, 255, 217],
  ],
};

/** `position` from 0 to 1; NaN: without a value. */
export function sequentialColour(position: number, theme: Theme): Rgb {
  return Number.isNaN(position) ? withoutScore[theme] : mixedStops(stops[theme], position);
}
