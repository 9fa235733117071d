import fc from "fast-check";
import { expect, it } from "vitest";
import { isInside, pointsInside, type Polygon } from "./polygon.ts";

const crescent: Polygon = [
  [0, 0],
  [10, 0],
  [10, 10],
  [5, 2],
  [0, 10],
];

it("tells inside from outside, also of shapes that bend inwards", () => {
  expect(isInside(crescent, 1, 1)).toBe(true);
  expect(isInside(crescent, 5, 1)).toBe(true);
  expect(isInside(crescent, 5, 5)).toBe(false);
  expect(isInside(crescent, -1, 1)).toBe(false);
  expect(pointsInside(crescent, [1, 5, 5, NaN, 9], [1, 1, 5, 1, 1], [0, 1, 2, 3])).toEqual([0, 1]);
});

it("agrees with the winding of a convex shape", () => {
  const square: Polygon = [
    [1, 1],
    [4, 1],
    [4, 3],
    [1, 3],
  ];
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 5, noNaN: true }),
      (x, y) => {
        fc.pre(![1, 4].includes(x) && ![1, 3].includes(y));
        expect(isInside(square, x, y)).toBe(x > 1 && x < 4 && y > 1 && y < 3);
      },
    ),
  );
});
