/** Where an arrow key leads: the nearest point that way, sideways steps counting more than straight ones. */
import type { Scene } from "./scene.ts";

export type Direction = "left" | "right" | "up" | "down";

const steps: Record<Direction, readonly [number, number]> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

/** How much farther a point to the side is than one straight ahead. */
const sideways = 2;

/** Among points that pass; null when there is none that way. */
export function nextInDirection(
  { x, y, order, passes }: Pick<Scene, "x" | "y" | "order" | "passes">,
  from: number,
  direction: Direction,
): number | null {
  const [stepX, stepY] = steps[direction];
  let best: number | null = null;
  let least = Infinity;
  for (const j of order) {
    if (j === from || passes[j] !== 1) continue;
    const dx = x[j]! - x[from]!;
    const dy = y[j]! - y[from]!;
    const ahead = dx * stepX + dy * stepY;
    const aside = Math.abs(dx * stepY) + Math.abs(dy * stepX);
    // The quarter of the plane that lies that way.
    if (!(ahead > 0) || aside > ahead) continue;
    const far = ahead + sideways * aside;
    if (far < least) {
      least = far;
      best = j;
    }
  }
  return best;
}
