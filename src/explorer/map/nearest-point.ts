/** The point under the pointer: the nearest one whose disc, or a little around it, covers the pixel. */
import type { Scene } from "./scene.ts";
import type { ViewTransform } from "./view-transform.ts";

/** How far beside a disc still counts, in CSS pixels: by mouse and by finger. */
export const slacks = { fine: 5, coarse: 18 };

export function nearestPoint(
  scene: Scene,
  view: ViewTransform,
  growth: number,
  pixelX: number,
  pixelY: number,
  slack: number,
): number | null {
  let best: number | null = null;
  let bestDistance = Infinity;
  for (const j of scene.order) {
    if (scene.passes[j] !== 1) continue;
    const dx = scene.x[j]! * view.scale + view.offsetX - pixelX;
    const dy = scene.y[j]! * view.scale + view.offsetY - pixelY;
    const beside = Math.hypot(dx, dy) - scene.radius[j]! * growth;
    if (beside > slack) continue;
    // Inside several discs the one painted last, which lies on top, wins.
    const distance = Math.max(0, beside);
    if (distance <= bestDistance) {
      bestDistance = distance;
      best = j;
    }
  }
  return best;
}
