/** Closed shapes drawn on the map, and what lies inside. */
export type Polygon = readonly (readonly [x: number, y: number])[];

/** By the even-odd rule. */
export function isInside(polygon: Polygon, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, before = polygon.length - 1; i < polygon.length; before = i++) {
    const [xi, yi] = polygon[i]!;
    const [xj, yj] = polygon[before]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Points with a place inside. */
export function pointsInside(
  polygon: Polygon,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  among: Iterable<number>,
): number[] {
  const xs = polygon.map(([px]) => px);
  const ys = polygon.map(([, py]) => py);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const found: number[] = [];
  for (const j of among) {
    const px = x[j]!;
    const py = y[j]!;
    if (px >= left && px <= right && py >= top && py <= bottom && isInside(polygon, px, py)) found.push(j);
  }
  return found;
}
