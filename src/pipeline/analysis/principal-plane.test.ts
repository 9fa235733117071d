import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { principalPlane } from "./principal-plane.ts";

/** By scikit-learn: test/fixtures/make/components.py. */
const reference = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../test/fixtures/learners/components.json"), "utf8"),
) as {
  rows: number;
  dimension: number;
  concepts: number;
  x: number[];
  pca: { explainedVarianceRatio: number[]; codes: number[] };
};
const { rows, dimension, concepts } = reference;
const atoms = Float32Array.from(reference.x);
const all = Uint32Array.from({ length: rows }, (_, row) => row);

describe("the principal plane of atoms", () => {
  it("is scikit-learn's, signs included", () => {
    const { x, y, explained } = principalPlane(atoms, dimension, all);
    for (let row = 0; row < 5; row++) {
      expect(Math.abs(x[row] - reference.pca.codes[row * concepts])).toBeLessThan(1e-4);
      expect(Math.abs(y[row] - reference.pca.codes[row * concepts + 1])).toBeLessThan(1e-4);
    }
    explained.forEach((share, axis) =>
      expect(share).toBeCloseTo(reference.pca.explainedVarianceRatio[axis], 6),
    );
  });

  it("lies where some rows say, and has a place for all", () => {
    const half = all.filter((row) => row % 2 === 0);
    const rowsOfHalf = [...half].flatMap((row) => [
      ...atoms.subarray(row * dimension, (row + 1) * dimension),
    ]);
    const alone = principalPlane(Float32Array.from(rowsOfHalf), dimension, Uint32Array.from(half.keys()));
    const among = principalPlane(atoms, dimension, half);
    half.forEach((row, at) => expect(among.x[row]).toBeCloseTo(alone.x[at], 9));
    expect(among.x[1]).not.toBe(0);
  });

  it("is a line in one dimension, and a point without rows", () => {
    const line = principalPlane(Float32Array.of(1, -1, 3), 1, Uint32Array.of(0, 1, 2));
    expect([...line.x]).toEqual([0, -2, 2]);
    expect([...line.y]).toEqual([0, 0, 0]);
    expect(line.explained).toEqual([1, 0]);
    expect(principalPlane(atoms, dimension, new Uint32Array()).explained).toEqual([0, 0]);
  });
});
