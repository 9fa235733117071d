/** Closed shapes drawn on the map: what lies inside, and how few corners say the same. */
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

/** Without corners that lie within `tolerance` of the line between those kept (Ramer, Douglas & Peucker). */
export function simplified(polygon: Polygon, tolerance: number): Polygon {
  if (polygon.length <= 3) return polygon;
  const keep = new Uint8Array(polygon.length);
  keep[0] = keep[polygon.length - 1] = 1;
  const spans: [number, number][] = [[0, polygon.length - 1]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [first, last] = span;
    let farthest = tolerance;
    let corner = -1;
    for (let i = first + 1; i < last; i++) {
      const away = distanceToLine(polygon[i]!, polygon[first]!, polygon[last]!);
      if (away > farthest) {
        farthest = away;
        corner = i;
      }
    }
    if (corner < 0) continue;
    keep[corner] = 1;
    spans.push([first, corner], [corner, last]);
  }
  return polygon.filter((_, i) => keep[i] === 1);
}

type Corner = Polygon[number];

function distanceToLine([x, y]: Corner, [x1, y1]: Corner, [x2, y2]: Corner): number {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length === 0) return Math.hypot(x - x1, y - y1);
  return Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length;
}
