/** Thousands of equal dots as one path: what they are is said by whoever draws them. */
import type { JSX } from "preact";

export interface Point {
  x: number;
  y: number;
}

export function DotCloud({
  points,
  radius = 2.5,
}: {
  points: readonly Point[];
  radius?: number;
}): JSX.Element {
  const path = points.map(({ x, y }) => `M${x.toFixed(1)},${y.toFixed(1)}h0`).join("");
  return <path class="dot-cloud" d={path} stroke-width={2 * radius} stroke-linecap="round" fill="none" />;
}
