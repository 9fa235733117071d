/** Rings around the concept under the pointer and the selected one; the area being drawn. */
import type { Inks } from "./inks.ts";
import type { Polygon } from "./polygon.ts";
import type { Scene } from "./scene.ts";
import type { ViewTransform } from "./view-transform.ts";

/** `radius` in CSS pixels, of what the ring goes around. */
export function paintRing(
  context: CanvasRenderingContext2D,
  scene: Pick<Scene, "x" | "y">,
  view: ViewTransform,
  concept: number,
  radius: number,
  width: number,
  { ink, halo }: Inks,
): void {
  const x = scene.x[concept]! * view.scale + view.offsetX;
  const y = scene.y[concept]! * view.scale + view.offsetY;
  if (!Number.isFinite(x + y)) return;
  context.beginPath();
  context.arc(x, y, radius + 3, 0, 2 * Math.PI);
  context.strokeStyle = halo;
  context.lineWidth = width + 2;
  context.stroke();
  context.strokeStyle = ink;
  context.lineWidth = width;
  context.stroke();
}

/** Around a picture of `side` CSS pixels. */
export function paintFrame(
  context: CanvasRenderingContext2D,
  scene: Pick<Scene, "x" | "y">,
  view: ViewTransform,
  concept: number,
  side: number,
  width: number,
  { ink, halo }: Inks,
): void {
  const x = Math.round(scene.x[concept]! * view.scale + view.offsetX - side / 2);
  const y = Math.round(scene.y[concept]! * view.scale + view.offsetY - side / 2);
  const around = 3.5;
  for (const [style, line] of [
    [halo, width + 2],
    [ink, width],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = line;
    context.strokeRect(x - around, y - around, side + 2 * around, side + 2 * around);
  }
}

/** An area that is being drawn, in CSS pixels. */
export function paintArea(context: CanvasRenderingContext2D, area: Polygon, { accent, wash }: Inks): void {
  if (area.length < 2) return;
  context.beginPath();
  area.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.closePath();
  context.fillStyle = wash;
  context.fill();
  context.strokeStyle = accent;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
}
