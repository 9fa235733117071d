/** Density lines, drawn in the plane's units and faded out as the map is zoomed in. */
import type { Rings } from "./contours.ts";
import type { Inks } from "./inks.ts";
import type { ViewTransform } from "./view-transform.ts";

/** Times the fitted scale: lines begin to fade at the first and are gone at the second. */
const fading = [2.2, 4] as const;

const paths = new WeakMap<Rings, Path2D>();

export function paintContours(
  context: CanvasRenderingContext2D,
  rings: Rings,
  view: ViewTransform,
  zoom: number,
  { contour }: Inks,
): void {
  const strength = Math.min(1, (fading[1] - zoom) / (fading[1] - fading[0]));
  if (rings.length === 0 || !(strength > 0)) return;
  context.save();
  context.transform(view.scale, 0, 0, view.scale, view.offsetX, view.offsetY);
  context.globalAlpha = strength;
  context.strokeStyle = contour;
  context.lineWidth = 1 / view.scale;
  context.stroke(pathOf(rings));
  context.restore();
}

function pathOf(rings: Rings): Path2D {
  const known = paths.get(rings);
  if (known !== undefined) return known;
  const path = new Path2D();
  for (const ring of rings) {
    path.moveTo(ring[0]!, ring[1]!);
    for (let i = 2; i < ring.length; i += 2) path.lineTo(ring[i]!, ring[i + 1]!);
    path.closePath();
  }
  paths.set(rings, path);
  return path;
}
