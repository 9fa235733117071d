/** Bridges as arcs, the stronger the wider: orange at the picture's end, blue at the caption's. */
import type { Bridge } from "../data/dictionary-tables.ts";
import { cssColour, modalityColour, type Theme } from "./modality-colours.ts";
import type { Scene } from "./scene.ts";
import type { ViewTransform } from "./view-transform.ts";

const narrowest = 0.75;
const widest = 5;
/** Bent to the right of its direction, so that there and back are two arcs. */
const bend = 0.22;

export function paintArcs(
  context: CanvasRenderingContext2D,
  scene: Pick<Scene, "x" | "y">,
  view: ViewTransform,
  bridges: readonly Bridge[],
  theme: Theme,
): void {
  const at = (j: number): Point => ({
    x: scene.x[j]! * view.scale + view.offsetX,
    y: scene.y[j]! * view.scale + view.offsetY,
  });
  const strongest = Math.max(0, ...bridges.map(({ score }) => Math.abs(score)));
  context.lineCap = "round";
  // The strongest last, on top.
  for (const { imageConcept, textConcept, score } of bridges.toSorted((a, b) => a.score - b.score)) {
    const from = at(imageConcept);
    const to = at(textConcept);
    if (imageConcept === textConcept || !Number.isFinite(from.x + from.y + to.x + to.y)) continue;
    paintArc(context, from, to, strongest > 0 ? Math.abs(score) / strongest : 0, theme);
  }
}

type Point = { x: number; y: number };

function paintArc(
  context: CanvasRenderingContext2D,
  from: Point,
  to: Point,
  share: number,
  theme: Theme,
): void {
  const opacity = 0.3 + 0.6 * share;
  const gradient = context.createLinearGradient(from.x, from.y, to.x, to.y);
  gradient.addColorStop(0, cssColour(modalityColour(1, theme), opacity));
  gradient.addColorStop(1, cssColour(modalityColour(0, theme), opacity));
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.quadraticCurveTo(
    (from.x + to.x) / 2 - (to.y - from.y) * bend,
    (from.y + to.y) / 2 + (to.x - from.x) * bend,
    to.x,
    to.y,
  );
  context.strokeStyle = gradient;
  context.lineWidth = narrowest + (widest - narrowest) * share;
  context.stroke();
}
