import { describe, expect, it } from "vitest";
import {
  conceptScales,
  conceptsOfSet,
  interventionFields,
  keptCount,
  noIntervention,
  withScale,
  type SetColumns,
} from "./concept-scales.ts";

const columns: SetColumns = {
  modalityScore: [1, 0.5, 0.02, 0.95, NaN],
  energy: [4, 3, 2, 1, 0],
  matched: [0.9, 0.7, 0.2, NaN, 0.1],
  listed: [0, 1, 1, 0, 0],
  picked: new Set([2, 4]),
};

describe("the set of concepts", () => {
  it.each([
    ["all", [1, 1, 1, 1, 1]],
    ["bimodal", [0, 1, 0, 1, 0]],
    ["images", [1, 0, 0, 0, 0]],
    ["texts", [0, 0, 1, 0, 0]],
    ["stable", [1, 1, 0, 0, 0]],
    // 4 of 10 are less than a half, 7 are not.
    ["energetic", [1, 1, 0, 0, 0]],
    ["listed", [0, 1, 1, 0, 0]],
    ["picked", [0, 0, 1, 0, 1]],
  ] as const)("%s", (keep, expected) => {
    expect([...conceptsOfSet({ ...noIntervention, keep }, columns)!]).toEqual(expected);
  });

  it("is not known where nothing was compared", () => {
    expect(conceptScales({ ...noIntervention, keep: "stable" }, { ...columns, matched: null })).toBeNull();
  });
});

describe("scales", () => {
  it("are those of the set, kept or off, and what is said of single concepts holds before it", () => {
    const scaled = [
      { concept: 0, scale: 0.5 },
      { concept: 1, scale: 0 },
      { concept: 99, scale: 0 },
    ];
    const of = (without: boolean) =>
      conceptScales({ ...noIntervention, keep: "bimodal", without, scaled }, columns)!;
    expect([...of(false)]).toEqual([0.5, 0, 0, 1, 0]);
    expect([...of(true)]).toEqual([0.5, 0, 1, 0, 1]);
    expect(keptCount(of(false), { energy: columns.energy, active: [1, 1, 1, 1, 0] })).toEqual({
      concepts: 2,
      living: 4,
      energyShare: (0.5 * 4 + 1) / 10,
    });
  });

  it("keep their place when one is changed, and go when it is taken out", () => {
    const two = withScale(withScale([], 7, 0), 3, 0.5);
    expect(withScale(two, 7, 2)).toEqual([
      { concept: 7, scale: 2 },
      { concept: 3, scale: 0.5 },
    ]);
    expect(withScale(two, 7, null)).toEqual([{ concept: 3, scale: 0.5 }]);
  });

  it("are read as they were written, and nonsense is left out", () => {
    const { scaled } = interventionFields;
    const query = new URLSearchParams();
    const value = [
      { concept: 12, scale: 0 },
      { concept: 3, scale: 0.35 },
      { concept: 4, scale: 1 },
    ];
    scaled.write(value, query);
    expect(query.toString()).toBe("scale=12_3x0.35_4x1");
    expect(scaled.read(query)).toEqual(value);
    for (const nonsense of ["x", "3x", "3x-1", "3x9", "-3", "3_", "3x0.5x2y"]) {
      expect(scaled.read(new URLSearchParams({ scale: nonsense }))).toEqual([]);
    }
  });
});
