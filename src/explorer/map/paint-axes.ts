/** Axes of a plane whose places mean numbers: where their lines run, and the numbers along the edges. */
import type { Inks } from "./inks.ts";
import { noGrid, type Grid } from "./painter.ts";
import type { Axis, Plane, Tick } from "./planes.ts";
import type { Size, ViewTransform } from "./view-transform.ts";

/** CSS pixels between two ticks, about. */
const apart = { x: 130, y: 80 };
const edge = 8;
/** Pictures of this width or less have no room for the axes' names. */
const narrow = 560;

/** The lines below the points. */
export function gridOf({ axes }: Plane, view: ViewTransform, size: Size): Grid {
  if (axes === null) return noGrid;
  const { x, y } = ticksOf(axes, view, size);
  return {
    x: x.map(({ place }) => place * view.scale + view.offsetX),
    y: y.map(({ place }) => place * view.scale + view.offsetY),
  };
}

export function paintAxes(
  context: CanvasRenderingContext2D,
  axes: { x: Axis; y: Axis },
  view: ViewTransform,
  size: Size,
  { quiet, halo }: Inks,
  font: string,
): void {
  const ticks = ticksOf(axes, view, size);
  context.save();
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
  for (const { place, text } of ticks.x)
    write(text, place * view.scale + view.offsetX, size.height - edge - 14);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { place, text } of ticks.y) {
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

function ticksOf(axes: { x: Axis; y: Axis }, view: ViewTransform, size: Size): { x: Tick[]; y: Tick[] } {
  return {
    x: ticksIn(axes.x, -view.offsetX, size.width, view.scale, apart.x),
    y: ticksIn(axes.y, -view.offsetY, size.height, view.scale, apart.y),
  };
}

function ticksIn(axis: Axis, start: number, length: number, scale: number, distance: number): Tick[] {
  return axis.ticks(start / scale, (start + length) / scale, Math.max(2, Math.round(length / distance)));
}
