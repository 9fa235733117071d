import { expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import { densityContours, fewestForContours } from "./contours.ts";
import { isInside } from "./polygon.ts";

it("runs around where points are dense, and is nothing for few", () => {
  const random = Random.of(5);
  const count = 2 * fewestForContours;
  const side = (j: number): number => (j % 2 === 0 ? -20 : 20);
  const x = Float64Array.from({ length: count }, (_, j) => side(j) + random.normal());
  const y = Float64Array.from({ length: count }, () => 3 + random.normal());
  const all = Array.from({ length: count }, (_, j) => j);
  const rings = densityContours(x, y, all).map((ring) =>
    Array.from({ length: ring.length / 2 }, (_, i) => [ring[2 * i], ring[2 * i + 1]] as const),
  );
  const around = (px: number, py: number): number => rings.filter((ring) => isInside(ring, px, py)).length;
  expect(around(-20, 3)).toBeGreaterThanOrEqual(4);
  expect(around(20, 3)).toBeGreaterThanOrEqual(4);
  expect(around(0, 3)).toBe(0);
  expect(densityContours(x, y, all.slice(0, fewestForContours - 1))).toEqual([]);
});
