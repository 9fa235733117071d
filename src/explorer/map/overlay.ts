/** What is drawn over the points: arcs of bridges, rings around the hovered and selected concept. */
import type { Bridge } from "../data/dictionary-tables.ts";
import { cssColour, modalityColour, type Theme } from "./modality-colours.ts";
import type { Scene } from "./scene.ts";
import type { ViewTransform } from "./view-transform.ts";

export interface Overlay {
  selected: number | null;
  hovered: number | null;
  /** Bridges of the hovered concept, else of the selected one. */
  bridges: readonly Bridge[];
}

const widestArc = 5;
const inks: Record<Theme, string> = { light: "#16181c", dark: "#f4f5f7" };

export function paintOverlay(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: ViewTransform,
  growth: number,
  overlay: Overlay,
  theme: Theme,
): void {
  const at = (j: number) => ({
    x: scene.x[j]! * view.scale + view.offsetX,
    y: scene.y[j]! * view.scale + view.offsetY,
  });
  const strongest = Math.max(0, ...overlay.bridges.map((bridge) => Math.abs(bridge.score)));
  for (const bridge of overlay.bridges.toReversed()) {
    const from = at(bridge.imageConcept);
    const to = at(bridge.textConcept);
    if (bridge.imageConcept === bridge.textConcept || !Number.isFinite(from.x + to.x)) continue;
    const share = strongest > 0 ? Math.abs(bridge.score) / strongest : 0;
    arc(context, from, to, share, theme);
  }
  for (const [concept, width] of [
    [overlay.hovered, 1.5],
    [overlay.selected, 2.5],
  ] as const) {
    if (concept === null || !(concept < scene.count)) continue;
    const centre = at(concept);
    if (!Number.isFinite(centre.x + centre.y)) continue;
    context.beginPath();
    context.arc(centre.x, centre.y, scene.radius[concept]! * growth + 3, 0, 2 * Math.PI);
    context.strokeStyle = inks[theme];
    context.lineWidth = width;
    context.stroke();
  }
}

type Point = { x: number; y: number };

/** Bent to the right of its direction, so that there and back are two arcs; orange end: pictures. */
function arc(context: CanvasRenderingContext2D, from: Point, to: Point, share: number, theme: Theme): void {
  const bend = 0.22;
  const middle = {
    x: (from.x + to.x) / 2 - (to.y - from.y) * bend,
    y: (from.y + to.y) / 2 + (to.x - from.x) * bend,
  };
  const opacity = 0.3 + 0.6 * share;
  const gradient = context.createLinearGradient(from.x, from.y, to.x, to.y);
  gradient.addColorStop(0, cssColour(modalityColour(1, theme), opacity));
  gradient.addColorStop(1, cssColour(modalityColour(0, theme), opacity));
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.quadraticCurveTo(middle.x, middle.y, to.x, to.y);
  context.strokeStyle = gradient;
  context.lineWidth = 0.75 + (widestArc - 0.75) * share;
  context.lineCap = "round";
  context.stroke();
}
