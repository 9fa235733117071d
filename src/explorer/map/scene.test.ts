import { describe, expect, it } from "vitest";
import type { ConceptColumns } from "../data/concept-columns.ts";
import { createScene, placesInView, radiusOf } from "./scene.ts";

/** Concept 2 is dead and far away; 3 has no position. */
const columns = {
  count: 4,
  x: Float64Array.of(0, 1, 99, NaN),
  y: Float64Array.of(0, 1, 99, NaN),
  energy: Float64Array.of(0.1, 0.4, 0, 0.2),
  active: Float64Array.of(3, 3, 0, 3),
  modalityScore: Float64Array.of(0, 1, NaN, 0.5),
} as unknown as ConceptColumns;

describe("the points of the map", () => {
  it("leave dead concepts out, of the picture and of the fitted view, until they are asked for", () => {
    expect([...createScene(columns, Uint8Array.of(1, 1, 0, 1), "light").order]).toEqual([1, 0]);
    expect([...createScene(columns, Uint8Array.of(1, 1, 1, 1), "light").order]).toContain(2);
    expect(placesInView(columns, false).x).not.toContain(99);
    expect(placesInView(columns, true).x).toContain(99);
  });

  it("keep a filtered concept as a speck below the others", () => {
    expect([...createScene(columns, Uint8Array.of(1, 0, 0, 1), "light").order]).toEqual([1, 0]);
  });

  it("have the radius that the legend shows: area above the smallest grows with energy", () => {
    const scene = createScene(columns, Uint8Array.of(1, 1, 0, 1), "light");
    const { sizes } = scene;
    expect(scene.radius[0]).toBeCloseTo(radiusOf(0.1, sizes), 5);
    const grown = (energy: number) => (radiusOf(energy, sizes) - sizes.least) ** 2;
    expect(grown(0.1)).toBeCloseTo(grown(sizes.greatestEnergy) * (0.1 / sizes.greatestEnergy), 9);
    expect(radiusOf(99, sizes)).toBe(sizes.greatest);
  });
});
