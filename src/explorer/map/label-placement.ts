/**
 * Which concepts are named on the map: the most energetic first, none over another. While the map is
 * only moved, those that are named stay so; a new one has to find a free place.
 */
import type { Box, Occupied } from "./occupied.ts";
import type { Scene } from "./scene.ts";
import type { Size, ViewTransform } from "./view-transform.ts";

export interface LabelRequest {
  /** Concepts that may be named, most energetic first. */
  candidates: Uint32Array;
  scene: Pick<Scene, "x" | "y">;
  view: ViewTransform;
  size: Size;
  /** Named before at the same scale, in the order they were placed in. */
  kept: readonly number[];
  /** How many names there may be. */
  limit: number;
  /** Where a concept's name would lie around its place; null when it has none. */
  boxOf: (concept: number, x: number, y: number) => Box | null;
  /** What is taken already; names are added to it. */
  occupied: Occupied;
  /** Told of each as soon as it has its place, before the next one is tried. */
  placed?: (concept: number, x: number, y: number) => void;
}

/** Candidates in view that are looked at for each name allowed: the rest would only be smaller still. */
const patience = 8;

export function placeLabels(request: LabelRequest): number[] {
  const { candidates, scene, view, size, kept, limit, boxOf, occupied } = request;
  const placed: number[] = [];
  const tried = new Set<number>();
  const attempt = (j: number): boolean => {
    const x = scene.x[j]! * view.scale + view.offsetX;
    const y = scene.y[j]! * view.scale + view.offsetY;
    if (!(x >= 0 && y >= 0 && x <= size.width && y <= size.height)) return false;
    tried.add(j);
    const box = boxOf(j, x, y);
    if (box !== null && occupied.take(box)) {
      placed.push(j);
      request.placed?.(j, x, y);
    }
    return true;
  };
  for (const j of kept) if (placed.length < limit) attempt(j);
  let looks = limit * patience;
  for (const j of candidates) {
    if (placed.length >= limit || looks <= 0) break;
    if (!tried.has(j) && attempt(j)) looks--;
  }
  return placed;
}

/** CSS pixels of the map for each name, when all of it is in view and when zoomed in. */
const areaFar = 52_000;
const areaClose = 13_000;

/** How many names a map of this size bears at this zoom. */
export function labelLimit(size: Size, zoom: number): number {
  const closeness = Math.min(1, Math.max(0, Math.log2(zoom) / 3));
  const area = areaFar * (areaClose / areaFar) ** closeness;
  return Math.round((size.width * size.height) / area);
}
