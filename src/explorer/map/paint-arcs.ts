/** Bridges as arcs, the stronger the wider: orange at the picture's end, blue at the caption's. */
import type { Bridge } from "../data/dictionary-tables.ts";
import { cssColour, modalityColour, type Theme } from "./modality-colours.ts";
import type { Scene } from "./scene.ts";
import type { ViewTransform } from "./view-transform.ts";

/** In CSS pixels. */
export interface Arc {
  /** The picture's end. */
  from: Point;
  /** Where it bends to: right of its direction, so that there and back are two arcs. */
  bend: Point;
  to: Point;
  width: number;
  opacity: number;
}

interface Point {
  x: number;
  y: number;
}

const narrowest = 0.75;
const widest = 5;
/** Share of the distance between its ends. */
const bent = 0.22;

/** The strongest last, on top; bridges whose concepts have no place are left out. */
export function arcsOf(
  scene: Pick<Scene, "x" | "y">,
  view: ViewTransform,
  bridges: readonly Bridge[],
): readonly Arc[] {
  const at = (j: number): Point => ({
    x: scene.x[j]! * view.scale + view.offsetX,
    y: scene.y[j]! * view.scale + view.offsetY,
  });
  const strongest = Math.max(0, ...bridges.map(({ score }) => Math.abs(score)));
  return bridges
    .toSorted((a, b) => a.score - b.score)
    .flatMap(({ imageConcept, textConcept, score }) => {
      const from = at(imageConcept);
      const to = at(textConcept);
      if (imageConcept === textConcept || !Number.isFinite(from.x + from.y + to.x + to.y)) return [];
      const share = strongest > 0 ? Math.abs(score) / strongest : 0;
      const bend = {
        x: (from.x + to.x) / 2 - (to.y - from.y) * bent,
        y: (from.y + to.y) / 2 + (to.x - from.x) * bent,
      };
      return [
        { from, bend, to, width: narrowest + (widest - narrowest) * share, opacity: 0.3 + 0.6 * share },
      ];
    });
}

export function paintArcs(context: CanvasRenderingContext2D, arcs: readonly Arc[], theme: Theme): void {
  context.lineCap = "round";
  for (const { from, bend, to, width, opacity } of arcs) {
    const gradient = context.createLinearGradient(from.x, from.y, to.x, to.y);
    gradient.addColorStop(0, cssColour(modalityColour(1, theme), opacity));
    gradient.addColorStop(1, cssColour(modalityColour(0, theme), opacity));
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.quadraticCurveTo(bend.x, bend.y, to.x, to.y);
    context.strokeStyle = gradient;
    context.lineWidth = width;
    context.stroke();
  }
}
