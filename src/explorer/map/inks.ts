/** Colours of what is drawn over the points. */
import type { Theme } from "./modality-colours.ts";

export interface Inks {
  /** Words and rings. */
  ink: string;
  quiet: string;
  /** Behind words, so that they can be read over points. */
  halo: string;
  contour: string;
  accent: string;
  /** Inside a drawn area. */
  wash: string;
}

export const inks: Record<Theme, Inks> = {
  light: {
    ink: "#16181c",
    quiet: "#5b6370",
    halo: "rgb(255 255 255 / 88%)",
    contour: "rgb(22 24 28 / 28%)",
    accent: "#2060bc",
    wash: "rgb(32 96 188 / 7%)",
  },
  dark: {
    ink: "#f4f5f7",
    quiet: "#9aa3b0",
    halo: "rgb(18 20 24 / 85%)",
    contour: "rgb(244 245 247 / 28%)",
    accent: "#6aaaff",
    wash: "rgb(106 170 255 / 9%)",
  },
};
