import { describe, expect, it } from "vitest";
import { energyScale } from "./energy-scale.ts";

describe("the energy scale", () => {
  const scale = energyScale({ energy: Float64Array.of(0, 1e-6, 1e-4, 1e-2) })!;

  it("spans the living concepts, one power of ten as wide as the next", () => {
    expect([scale.least, scale.greatest]).toEqual([1e-6, 1e-2]);
    expect(scale.positionOf(1e-4)).toBeCloseTo(0.5, 9);
    expect(scale.at(0.5)).toBeCloseTo(1e-4, 9);
    expect(scale.counts.filter((count) => count > 0)).toHaveLength(3);
  });

  it("filters nothing at its lower end", () => expect(scale.at(0)).toBe(0));

  it("is none when every concept is dead", () => {
    expect(energyScale({ energy: new Float64Array(3) })).toBeNull();
  });
});
