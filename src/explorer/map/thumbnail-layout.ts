/** Which concepts show their top picture on the map: the most energetic that do not overlap. */
import type { Scene } from "./scene.ts";
import type { Size, ViewTransform } from "./view-transform.ts";

export interface Thumbnail {
  concept: number;
  /** Centre in CSS pixels. */
  x: number;
  y: number;
}

/** `side` and `gap` in CSS pixels; at most `limit` thumbnails, and the `keep` ones before all others. */
export function layOutThumbnails(
  scene: Scene,
  view: ViewTransform,
  size: Size,
  options: { side: number; gap: number; limit: number; keep: readonly number[] },
): Thumbnail[] {
  const { side, gap, limit, keep } = options;
  const cell = side + gap;
  const placed: Thumbnail[] = [];
  const grid = new Map<string, Thumbnail[]>();
  const kept = new Set(keep);
  const candidates = [...kept, ...scene.order];
  for (const concept of candidates) {
    if (placed.length >= limit) break;
    if (scene.passes[concept] !== 1 || (placed.length >= kept.size && kept.has(concept))) continue;
    const x = scene.x[concept]! * view.scale + view.offsetX;
    const y = scene.y[concept]! * view.scale + view.offsetY;
    const inView = x > side / 2 && y > side / 2 && x < size.width - side / 2 && y < size.height - side / 2;
    if (!inView) continue;
    const column = Math.floor(x / cell);
    const row = Math.floor(y / cell);
    if (overlaps(grid, column, row, x, y, cell)) continue;
    const thumbnail = { concept, x, y };
    placed.push(thumbnail);
    const key = `${column},${row}`;
    grid.set(key, [...(grid.get(key) ?? []), thumbnail]);
  }
  return placed;
}

function overlaps(
  grid: Map<string, Thumbnail[]>,
  column: number,
  row: number,
  x: number,
  y: number,
  cell: number,
): boolean {
  for (let i = column - 1; i <= column + 1; i++) {
    for (let j = row - 1; j <= row + 1; j++) {
      const others = grid.get(`${i},${j}`) ?? [];
      if (others.some((other) => Math.abs(other.x - x) < cell && Math.abs(other.y - y) < cell)) return true;
    }
  }
  return false;
}
