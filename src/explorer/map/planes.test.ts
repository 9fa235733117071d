import { describe, expect, it } from "vitest";
import type { ConceptColumns } from "../data/concept-columns.ts";
import { planeOf } from "./planes.ts";

/** Concept 3 is dead. */
const columns = {
  count: 4,
  x: Float64Array.of(1, 2, 3, 99),
  y: Float64Array.of(4, 5, 6, 99),
  energy: Float64Array.of(0.001, 0.01, 0.1, 0),
  active: Float64Array.of(1, 1, 1, 0),
  modalityScore: Float64Array.of(0, 0.5, 1, NaN),
} as unknown as ConceptColumns;

describe("the plane of modality and energy", () => {
  const plane = planeOf("energy", columns, null)!;

  it("has captions left, pictures right, the energetic on top, and no place for the dead", () => {
    expect([...plane.x]).toEqual([0, 0.75, 1.5, NaN]);
    expect(plane.y[0]).toBe(1);
    expect(plane.y[1]).toBeCloseTo(0.5, 12);
    expect(plane.y[2]).toBe(0);
    expect(plane.y[3]).toBeNaN();
  });

  it("has ticks where the numbers they name lie", () => {
    const { x, y } = plane.axes!;
    expect(x.ticks(-1, 3, 2)).toEqual([
      { place: 0, text: "0" },
      { place: 0.75, text: "0.5" },
      { place: 1.5, text: "1" },
    ]);
    const ticks = y.ticks(-0.2, 1.2, 4);
    expect(ticks.map(({ text }) => Number(text))).toEqual([0.001, 0.01, 0.1]);
    ticks.forEach(({ place }, i) => expect(place).toBeCloseTo(1 - i / 2, 9));
    const near = y.ticks(0.4, 0.6, 4).map(({ text }) => Number(text));
    near.forEach((energy) => expect(Math.abs(Math.log10(energy / 0.01))).toBeLessThan(0.21));
    expect(near.length).toBeGreaterThan(1);
  });
});

describe("the other planes", () => {
  it("are the map's own places, and the principal directions with y upwards", () => {
    expect(planeOf("umap", columns, null)).toMatchObject({ x: columns.x, axes: null });
    expect(planeOf("pca", columns, null)).toBeNull();
    const pca = planeOf("pca", columns, {
      x: Float64Array.of(1, 2, 3, 4),
      y: Float64Array.of(1, 2, 3, 4),
      explained: [0.25, 0.1],
    })!;
    expect(pca.y[2]).toBe(-3);
    expect(pca.axes!.x.name).toContain("25% of the variance");
    expect(pca.axes!.y.ticks(-4, 0, 4).map(({ place, text }) => place + Number(text))).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });
});
