/** What lies over the points: axes, density lines, arcs, pictures in place of dots, areas, rings, names. */
import { inks } from "./inks.ts";
import type { MapModel } from "./map-model.ts";
import type { Theme } from "./modality-colours.ts";
import type { NameLayer } from "./name-layer.ts";
import { Occupied } from "./occupied.ts";
import { arcsOf, paintArcs } from "./paint-arcs.ts";
import { paintAxes } from "./paint-axes.ts";
import { paintContours } from "./paint-contours.ts";
import { paintArea, paintFrame, paintRing } from "./paint-marks.ts";
import type { Frame } from "./painter.ts";
import type { PictureLayer } from "./picture-layer.ts";
import type { Polygon } from "./polygon.ts";

export interface OverState {
  theme: Theme;
  fontFamily: string;
  pixelRatio: number;
  selected: number | null;
  hovered: number | null;
  names: boolean;
  /** CSS pixels a side; 0: none. */
  thumbnailSide: number;
  /** Being drawn, in CSS pixels. */
  drawing: Polygon | null;
}

export function paintOver(
  context: CanvasRenderingContext2D,
  frame: Frame,
  state: OverState,
  model: MapModel,
  layers: { pictures: PictureLayer; names: NameLayer },
): void {
  const { view, growth, journey } = frame;
  const scene = model.scene.peek();
  const plane = model.plane.peek();
  const ink = inks[state.theme];
  if (plane.axes !== null) {
    paintAxes(context, plane.axes, view, model.size.peek(), ink, state.fontFamily);
  }
  // On the way to another plane nothing has a place to be named at.
  if (journey !== null) return;
  paintContours(context, model.contours.peek(), view, model.zoom.peek(), ink);
  paintArcs(context, arcsOf(scene, view, model.arcs.peek().shown), state.theme);
  const occupied = new Occupied();
  const reserved = layers.pictures.paint(context, frame, state, occupied, layers.names);
  if (state.drawing !== null) paintArea(context, state.drawing, ink);
  for (const [concept, width] of [
    [state.hovered, 1.5],
    [state.selected, 2.5],
  ] as const) {
    if (concept === null || !(concept < scene.count)) continue;
    if (layers.pictures.shown.includes(concept)) {
      paintFrame(context, scene, view, concept, state.thumbnailSide, width, ink);
    } else paintRing(context, scene, view, concept, scene.radius[concept]! * growth, width, ink);
  }
  if (state.names) layers.names.paint(context, frame, state, occupied, reserved);
}
