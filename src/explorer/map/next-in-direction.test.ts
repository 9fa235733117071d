import { expect, it } from "vitest";
import { nextInDirection } from "./next-in-direction.ts";

const scene = {
  x: Float64Array.of(0, 1, 2, 0.2, -1, 0, 3),
  y: Float64Array.of(0, 0.9, 0, -3, 0.1, 5, 0),
  order: Uint32Array.of(0, 1, 2, 3, 4, 5, 6),
  passes: Uint8Array.of(1, 1, 1, 1, 1, 0, 1),
};

it("goes straight rather than aside, never to what is filtered out, and nowhere when there is nothing", () => {
  expect(nextInDirection(scene, 0, "right")).toBe(2);
  expect(nextInDirection(scene, 2, "right")).toBe(6);
  expect(nextInDirection(scene, 0, "left")).toBe(4);
  expect(nextInDirection(scene, 0, "up")).toBe(3);
  expect(nextInDirection(scene, 0, "down")).toBeNull();
  expect(nextInDirection(scene, 6, "right")).toBeNull();
});
