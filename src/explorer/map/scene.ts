/** Concepts as points: where, how large, which colour, in which order they are painted. */
import { isDead, type ConceptColumns } from "../data/concept-columns.ts";
import type { Size } from "./view-transform.ts";
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
  /** Energy and radius of the largest disc, and the radius of a silent one, for the legend. */
  sizes: { greatestEnergy: number; greatest: number; least: number };
  background: Rgb;
  faint: Rgb;
}

/** CSS pixels for maps of up to `sparse` concepts; denser ones have smaller discs. */
const leastRadius = 1.7;
const greatestRadius = 11;
const sparse = 500;

const backgrounds: Record<Theme, Rgb> = { light: [255, 255, 255], dark: [18, 20, 24] };
const faints: Record<Theme, Rgb> = { light: [226, 229, 233], dark: [43, 47, 54] };

export function createScene(columns: ConceptColumns, passes: Uint8Array, theme: Theme): Scene {
  const { count, x, y } = columns;
  const radius = new Float32Array(count);
  const colour = new Uint8Array(3 * count);
  const reference = typicalGreatest(columns.energy);
  const density = Math.max(0.5, Math.min(1, Math.sqrt(sparse / Math.max(1, livingCount(columns)))));
  const sizes = {
    greatestEnergy: reference,
    greatest: greatestRadius * density,
    least: leastRadius * density,
  };
  for (let j = 0; j < count; j++) {
    radius[j] = radiusOf(columns.energy[j]!, sizes);
    colour.set(modalityColour(columns.modalityScore[j]!, theme), 3 * j);
  }
  const placed: number[] = [];
  for (let j = 0; j < count; j++) {
    // Dead concepts have no place of their own: they stand around the map, when asked for.
    if (isDead(columns, j) && passes[j] !== 1) continue;
    if (Number.isFinite(x[j]!) && Number.isFinite(y[j]!)) placed.push(j);
  }
  const order = Uint32Array.from(placed).sort((a, b) => passes[a]! - passes[b]! || radius[b]! - radius[a]!);
  const background = backgrounds[theme];
  return { count, x, y, radius, colour, passes, order, sizes, background, faint: faints[theme] };
}

/** Area grows with energy. */
export function radiusOf(energy: number, sizes: Scene["sizes"]): number {
  const share = sizes.greatestEnergy > 0 ? Math.min(1, energy / sizes.greatestEnergy) : 0;
  return sizes.least + (sizes.greatest - sizes.least) * Math.sqrt(share);
}

/** Positions that the fitted view holds: without the dead ones unless they are shown. */
export function placesInView(columns: ConceptColumns, dead: boolean): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  for (let j = 0; j < columns.count; j++) {
    if (!dead && isDead(columns, j)) continue;
    x.push(columns.x[j]!);
    y.push(columns.y[j]!);
  }
  return { x, y };
}

function livingCount(columns: ConceptColumns): number {
  let living = 0;
  for (let j = 0; j < columns.count; j++) if (!isDead(columns, j)) living++;
  return living;
}

/** The 99.5th percentile: a few very common concepts must not make all others specks. */
function typicalGreatest(energy: Float64Array): number {
  const sorted = Float64Array.from(energy).sort();
  return sorted[Math.floor((sorted.length - 1) * 0.995)] ?? 0;
}

/**
 * How much larger points are than at the fitted zoom of a large window: they grow with the zoom, but
 * slower than distances, and shrink on a phone, where the same map has less room.
 */
export function pointGrowth(scale: number, fittedScale: number, size: Size): number {
  const room = Math.max(0.5, Math.min(1, Math.min(size.width, size.height) / 640));
  return room * Math.max(0.75, Math.min(3.2, (scale / fittedScale) ** 0.42));
}
