/** Concepts as points: where, how large, which colour, in which order they are painted. */
import type { ConceptColumns } from "../data/concept-columns.ts";
import { modalityColour, type Rgb, type Theme } from "./modality-colours.ts";

export interface Scene {
  count: number;
  x: Float64Array;
  y: Float64Array;
  /** CSS pixels at the fitted zoom. */
  radius: Float32Array;
  /** Red, green, blue of each point. */
  colour: Uint8Array;
  /** 1: in full; 0: filtered out, a faint speck that keeps the shape of the map. */
  passes: Uint8Array;
  /** Points with a position, large ones first so that small ones stay visible. */
  order: Uint32Array;
  background: Rgb;
  faint: Rgb;
}

const leastRadius = 1.7;
const greatestRadius = 11;

const backgrounds: Record<Theme, Rgb> = { light: [255, 255, 255], dark: [18, 20, 24] };
const faints: Record<Theme, Rgb> = { light: [226, 229, 233], dark: [43, 47, 54] };

export function createScene(columns: ConceptColumns, passes: Uint8Array, theme: Theme): Scene {
  const { count, x, y } = columns;
  const radius = new Float32Array(count);
  const colour = new Uint8Array(3 * count);
  const reference = typicalGreatest(columns.energy);
  for (let j = 0; j < count; j++) {
    const share = reference > 0 ? Math.min(1, columns.energy[j]! / reference) : 0;
    radius[j] = leastRadius + (greatestRadius - leastRadius) * Math.sqrt(share);
    colour.set(modalityColour(columns.modalityScore[j]!, theme), 3 * j);
  }
  const placed: number[] = [];
  for (let j = 0; j < count; j++) if (Number.isFinite(x[j]!) && Number.isFinite(y[j]!)) placed.push(j);
  const order = Uint32Array.from(placed).sort((a, b) => passes[a]! - passes[b]! || radius[b]! - radius[a]!);
  return { count, x, y, radius, colour, passes, order, background: backgrounds[theme], faint: faints[theme] };
}

/** The 99.5th percentile: a few very common concepts must not make all others specks. */
function typicalGreatest(energy: Float64Array): number {
  const sorted = Float64Array.from(energy).sort();
  return sorted[Math.floor((sorted.length - 1) * 0.995)] ?? 0;
}

/** How much larger points are than at the fitted zoom: they grow, but slower than distances. */
export function pointGrowth(scale: number, fittedScale: number): number {
  return Math.max(0.75, Math.min(3.2, (scale / fittedScale) ** 0.42));
}
