import { describe, expect, it } from "vitest";
import type { ConceptColumns } from "../data/concept-columns.ts";
import { colouringBy } from "./colouring.ts";
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

const sceneOf = (passes: Uint8Array, isPicked: ((concept: number) => boolean) | null = null) =>
  createScene({
    columns,
    plane: columns,
    colouring: colouringBy("modalityScore", columns.modalityScore),
    passes,
    isPicked,
    theme: "light",
  });

describe("the points of the map", () => {
  it("leave dead concepts out, of the picture and of the fitted view, until they are asked for", () => {
    expect([...sceneOf(Uint8Array.of(1, 1, 0, 1)).order]).toEqual([1, 0]);
    expect([...sceneOf(Uint8Array.of(1, 1, 1, 1)).order]).toContain(2);
    expect(placesInView(columns, columns, false).x).not.toContain(99);
    expect(placesInView(columns, columns, true).x).toContain(99);
  });

  it("keep a filtered concept as a speck below the others", () => {
    expect([...sceneOf(Uint8Array.of(1, 0, 0, 1)).order]).toEqual([1, 0]);
  });

  it("are paler than those picked, and below them", () => {
    const scene = sceneOf(Uint8Array.of(1, 1, 0, 0), (j) => j === 0);
    const whole = sceneOf(Uint8Array.of(1, 1, 0, 0));
    expect([...scene.order]).toEqual([1, 0]);
    expect(scene.colour.slice(0, 3)).toEqual(whole.colour.slice(0, 3));
    scene.colour.slice(3, 6).forEach((channel, k) => expect(channel).toBeGreaterThan(whole.colour[3 + k]));
  });

  it("have the radius that the legend shows: area above the smallest grows with energy", () => {
    const scene = sceneOf(Uint8Array.of(1, 1, 0, 1));
    const { sizes } = scene;
    expect(scene.radius[0]).toBeCloseTo(radiusOf(0.1, sizes), 5);
    const grown = (energy: number) => (radiusOf(energy, sizes) - sizes.least) ** 2;
    expect(grown(0.1)).toBeCloseTo(grown(sizes.greatestEnergy) * (0.1 / sizes.greatestEnergy), 9);
    expect(radiusOf(99, sizes)).toBe(sizes.greatest);
  });
});
