/** When the plane changes, its points travel to their new places; not for who asked for less motion. */
import { effect } from "@preact/signals";
import type { MapModel } from "../../map/map-model.ts";
import type { Plane } from "../../map/planes.ts";
import type { ViewTransform } from "../../map/view-transform.ts";

const milliseconds = 700;

/** Gives back what ends it. */
export function startJourneys(model: MapModel): () => void {
  let before: { plane: Plane; view: ViewTransform } | null = null;
  let request = 0;
  const travel = ({ plane: { x, y }, view }: { plane: Plane; view: ViewTransform }): void => {
    cancelAnimationFrame(request);
    let start: number | null = null;
    model.journey.value = { x, y, view, progress: 0 };
    const step = (now: number): void => {
      start ??= now;
      const share = Math.min(1, (now - start) / milliseconds);
      model.journey.value = share < 1 ? { x, y, view, progress: eased(share) } : null;
      if (share < 1) request = requestAnimationFrame(step);
    };
    request = requestAnimationFrame(step);
  };
  const stop = effect(() => {
    const plane = model.plane.value;
    const view = model.view.value;
    const from = before;
    before = { plane, view };
    if (from === null || from.plane === plane || model.size.peek().width === 0) return;
    if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) travel(from);
  });
  return () => {
    cancelAnimationFrame(request);
    stop();
  };
}

/** Slow at both ends. */
function eased(share: number): number {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}
