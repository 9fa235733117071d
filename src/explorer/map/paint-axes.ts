/** Axes of a plane whose places mean numbers: grid lines below everything, numbers along the edges. */
import type { Inks } from "./inks.ts";
import type { Axis, Tick } from "./planes.ts";
import type { Size, ViewTransform } from "./view-transform.ts";

/** CSS pixels between two ticks, about. */
const apart = { x: 130, y: 80 };
const edge = 8;
/** Pictures of this width or less have no room for the axes' names. */
const narrow = 560;

export function paintAxes(
  context: CanvasRenderingContext2D,
  axes: { x: Axis; y: Axis },
  view: ViewTransform,
  size: Size,
  { grid, quiet, halo }: Inks,
  font: string,
): void {
  const across = ticksIn(axes.x, -view.offsetX, size.width, view.scale, apart.x);
  const down = ticksIn(axes.y, -view.offsetY, size.height, view.scale, apart.y);
  context.save();
  context.strokeStyle = grid;
  context.lineWidth = 1;
  context.beginPath();
  for (const { place } of across) {
    const x = Math.round(place * view.scale + view.offsetX) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, size.height);
  }
  for (const { place } of down) {
    const y = Math.round(place * view.scale + view.offsetY) + 0.5;
    context.moveTo(0, y);
    context.lineTo(size.width, y);
  }
  context.globalAlpha = 0.7;
  context.stroke();
  context.globalAlpha = 1;
  context.font = `11px ${font}`;
  context.fillStyle = quiet;
  context.strokeStyle = halo;
  context.lineWidth = 3;
  context.lineJoin = "round";
  const write = (text: string, x: number, y: number): void => {
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  };
  context.textBaseline = "bottom";
  context.textAlign = "center";
  for (const { place, text } of across)
    write(text, place * view.scale + view.offsetX, size.height - edge - 14);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { place, text } of down) {
    const y = place * view.scale + view.offsetY;
    if (y < size.height - 40) write(text, size.width - edge - 16, y);
  }
  if (size.width > narrow) {
    context.textBaseline = "bottom";
    context.textAlign = "center";
    write(axes.x.name, size.width / 2, size.height - edge);
    context.translate(size.width - edge, size.height / 2);
    context.rotate(-Math.PI / 2);
    write(axes.y.name, 0, 0);
  }
  context.restore();
}

function ticksIn(axis: Axis, start: number, length: number, scale: number, distance: number): Tick[] {
  return axis.ticks(start / scale, (start + length) / scale, Math.max(2, Math.round(length / distance)));
}
