/** Keys of the map: arrows from concept to concept, plus, minus and 0 zoom. */
import type { Signal } from "@preact/signals";
import type { MapModel } from "../../map/map-model.ts";
import { nextInDirection, type Direction } from "../../map/next-in-direction.ts";
import type { Polygon } from "../../map/polygon.ts";
import { pan } from "../../map/view-transform.ts";
import type { Explorer } from "../../stores/explorer-store.ts";
import type { Shortcut } from "../../stores/shortcuts.ts";

const directions: readonly (readonly [key: string, direction: Direction])[] = [
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
];
/** One press. */
const zoomStep = 1.5;
/** Share of the picture: a concept this close to its edge is brought to the middle. */
const edge = 0.1;

/** `say` tells of a concept to who does not see it; Escape gives up an area that is being drawn. */
export function mapShortcuts(
  explorer: Explorer,
  model: MapModel,
  say: (concept: number) => void,
  drawing: Signal<Polygon | null>,
): Shortcut[] {
  return [
    ...directions.map(([key, direction]) => ({
      keys: [key],
      does: `nearest concept ${direction === "up" ? "above" : direction === "down" ? "below" : `on the ${direction}`}`,
      run: () => walk(explorer, model, direction, say),
    })),
    { keys: ["+", "="], does: "zoom in", run: () => model.zoomBy(zoomStep) },
    { keys: ["-", "_"], does: "zoom out", run: () => model.zoomBy(1 / zoomStep) },
    { keys: ["0"], does: "show all", run: () => model.show(null) },
    {
      keys: ["Escape"],
      does: "give up the drawn area",
      run(): void | false {
        if (drawing.peek() === null) return false;
        drawing.value = null;
      },
    },
  ];
}

/** Without a concept selected, to the most energetic in view. */
function walk(
  explorer: Explorer,
  model: MapModel,
  direction: Direction,
  say: (concept: number) => void,
): void {
  const { concept } = explorer.address.peek();
  const scene = model.scene.peek();
  const placed = concept !== null && Number.isFinite(scene.x[concept] ?? NaN);
  const next = placed ? nextInDirection(scene, concept, direction) : mostEnergetic(model);
  if (next === null) return;
  explorer.navigate({ concept: next }, "replace");
  bringIntoView(model, next);
  say(next);
}

function mostEnergetic(model: MapModel): number | null {
  const concepts = model.byEnergy.peek();
  return concepts.find((j) => isInView(model, j, 0)) ?? concepts[0] ?? null;
}

function bringIntoView(model: MapModel, concept: number): void {
  if (isInView(model, concept, edge)) return;
  const { x, y } = placeOf(model, concept);
  const { width, height } = model.size.peek();
  if (Number.isFinite(x + y)) model.show(pan(model.view.peek(), width / 2 - x, height / 2 - y));
}

function isInView(model: MapModel, concept: number, inset: number): boolean {
  const { x, y } = placeOf(model, concept);
  const { width, height } = model.size.peek();
  return x >= inset * width && x <= (1 - inset) * width && y >= inset * height && y <= (1 - inset) * height;
}

function placeOf(model: MapModel, concept: number): { x: number; y: number } {
  const { scale, offsetX, offsetY } = model.view.peek();
  const scene = model.scene.peek();
  return { x: scene.x[concept]! * scale + offsetX, y: scene.y[concept]! * scale + offsetY };
}
