/** Concepts as points: where, how large, which colour, in which order they are painted. */
import { isDead, type PlacedColumns } from "../data/concept-columns.ts";
import type { Colouring } from "./colouring.ts";
import { mixedStops, type Rgb, type Theme } from "./modality-colours.ts";
import type { Plane } from "./planes.ts";
import type { Size } from "./view-transform.ts";

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
  /** Points with a place, large ones first so that small ones stay visible. */
  order: Uint32Array;
  /** Energy and radius of the largest disc, and the radius of a silent one, for the legend. */
  sizes: { greatestEnergy: number; greatest: number; least: number };
  background: Rgb;
  faint: Rgb;
  grid: Rgb;
}

export interface SceneParts {
  columns: PlacedColumns;
  plane: Pick<Plane, "x" | "y">;
  colouring: Colouring;
  /** 1 where a concept passes the filters. */
  passes: Uint8Array;
  /** Picked concepts keep their colour, the others are paler; null when none is picked. */
  isPicked: ((concept: number) => boolean) | null;
  theme: Theme;
}

/** CSS pixels for maps of up to `sparse` concepts; denser ones have smaller discs. */
const leastRadius = 1.7;
const greatestRadius = 11;
const sparse = 500;

/** CSS pixels, at any zoom, of a point that is filtered out. */
export const speckRadius = 1.2;
/** How far the colour of a point that is not picked is on its way to the background, when others are. */
const paleness = 0.72;

const backgrounds: Record<Theme, Rgb> = { light: [255, 255, 255], dark: [18, 20, 24] };
const faints: Record<Theme, Rgb> = { light: [226, 229, 233], dark: [43, 47, 54] };

const grids: Record<Theme, Rgb> = { light: [236, 239, 242], dark: [33, 37, 43] };

export function createScene(parts: SceneParts): Scene {
  const { columns, plane, colouring, passes, isPicked, theme } = parts;
  const { count } = columns;
  const { x, y } = plane;
  const radius = new Float32Array(count);
  const colour = new Uint8Array(3 * count);
  const background = backgrounds[theme];
  const sizes = sizesOf(columns);
  for (let j = 0; j < count; j++) {
    radius[j] = radiusOf(columns.energy[j]!, sizes);
    const own = colouring.colourOf(colouring.values[j]!, theme);
    const pale = isPicked !== null && !isPicked(j);
    colour.set(pale ? mixedStops([own, background], paleness) : own, 3 * j);
  }
  const placed: number[] = [];
  for (let j = 0; j < count; j++) {
    // Dead concepts have no place of their own: they stand around the map, when asked for.
    if (isDead(columns, j) && passes[j] !== 1) continue;
    if (Number.isFinite(x[j]!) && Number.isFinite(y[j]!)) placed.push(j);
  }
  const rank = (j: number): number => passes[j]! * (isPicked?.(j) === true ? 2 : 1);
  const order = Uint32Array.from(placed).sort((a, b) => rank(a) - rank(b) || radius[b]! - radius[a]!);
  return {
    count,
    x,
    y,
    radius,
    colour,
    passes,
    order,
    sizes,
    background,
    faint: faints[theme],
    grid: grids[theme],
  };
}

function sizesOf(columns: PlacedColumns): Scene["sizes"] {
  const density = Math.max(0.5, Math.min(1, Math.sqrt(sparse / Math.max(1, livingCount(columns)))));
  return {
    greatestEnergy: typicalGreatest(columns.energy),
    greatest: greatestRadius * density,
    least: leastRadius * density,
  };
}

/** Area grows with energy. */
export function radiusOf(energy: number, sizes: Scene["sizes"]): number {
  const share = sizes.greatestEnergy > 0 ? Math.min(1, energy / sizes.greatestEnergy) : 0;
  return sizes.least + (sizes.greatest - sizes.least) * Math.sqrt(share);
}

/** Places that the fitted view holds: without the dead ones unless they are shown. */
export function placesInView(
  columns: PlacedColumns,
  plane: Pick<Plane, "x" | "y">,
  dead: boolean,
): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  for (let j = 0; j < columns.count; j++) {
    if (!dead && isDead(columns, j)) continue;
    x.push(plane.x[j]!);
    y.push(plane.y[j]!);
  }
  return { x, y };
}

function livingCount(columns: PlacedColumns): number {
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
