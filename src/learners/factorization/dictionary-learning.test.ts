/** Online dictionary learning against scikit-learn's, from the same atoms over the same batches. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { silent } from "../../base/progress.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { planted } from "../testing/planted.ts";
import { leastSquaresSolver } from "../coding/least-squares.ts";
import { dictionaryLearning, learnOnline } from "./dictionary-learning.ts";
import { activePerRow, penaltyFor } from "./sparsity-target.ts";

const { online } = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/learners/nonnegative.json", import.meta.url), "utf8"),
) as {
  online: Record<"n" | "d" | "c" | "l1" | "batch" | "epochs" | "signed" | "positive", number> &
    Record<"rows" | "atoms", number[]>;
};

const { n: rows, d, c: concepts, l1 } = online;
const x = Float32Array.from(online.rows);
const backend = createReferenceBackend();
const context = { backend, log: () => {}, progress: silent, random: null, deciding: { values: x, rows } };

/** ½‖X − ZD‖² + l1·Σ|z| with the best codes. */
async function objective(atoms: Float32Array, positive: boolean): Promise<number> {
  const solver = leastSquaresSolver(backend, { concepts, width: d, mostRows: rows, positive });
  await solver.setAtoms(atoms);
  const codes = await solver.solve(x, rows, l1);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < d; t++) {
      let left = x[i * d + t];
      for (let j = 0; j < concepts; j++) left -= codes[i * concepts + j] * atoms[j * d + t];
      sum += 0.5 * left * left;
    }
  }
  for (const z of codes) sum += l1 * Math.abs(z);
  return sum;
}

describe("dictionary-learning", () => {
  it.each([false, true])("is as good as scikit-learn's, positive %s", async (positive) => {
    const config = { concepts, positive, epochs: online.epochs, batch: online.batch, l1, targetL0: null };
    const { atoms } = await learnOnline({ x, rows, d }, Float32Array.from(online.atoms), config, context);
    const reached = await objective(atoms, positive);
    expect(reached).toBeLessThan(1.01 * online[positive ? "positive" : "signed"]);
    expect(reached).toBeLessThan(0.9 * (await objective(Float32Array.from(online.atoms), positive)));
  });

  it("finds the penalty of a wanted L0", async () => {
    const solver = leastSquaresSolver(backend, { concepts, width: d, mostRows: 64, positive: false });
    await solver.setAtoms(Float32Array.from(online.atoms));
    const found = await penaltyFor(4, solver, x, rows, 64);
    expect(Math.abs(found.activePerSample - 4)).toBeLessThan(0.1);
    const codes = await solver.solve(x.subarray(0, 64 * d), 64, found.l1);
    expect(Math.abs(activePerRow(codes, 64) - 4)).toBeLessThan(1);
  });

  it("says what L0 it reached where rows need no more", async () => {
    const { data } = planted({ seed: 2, images: 30, texts: 20, dimension: 6, concepts: 5, active: 2 });
    const set = { rows: 50, dimension: 6 };
    const noted = async (targetL0: number): Promise<string> => {
      const config = dictionaryLearning.configure({ concepts: 16, targetL0, epochs: 1, batch: 23 }, set);
      return (
        await dictionaryLearning.fit(data, config, { backend, log: () => {}, progress: silent })
      ).notes.join();
    };
    expect(await noted(16)).toMatch(
      /^asked for 16 active concepts per sample, reached \d+\.\d\d \(l1 .*\): however/,
    );
    expect(await noted(3)).toBe("");
  });

  it("takes l1 or a target L0, not both", () => {
    const set = { rows: 100, dimension: 8 };
    expect(dictionaryLearning.configure({ l1: 0.2 }, set)).toMatchObject({ l1: 0.2, targetL0: null });
    expect(dictionaryLearning.configure({ concepts: 20 }, set)).toMatchObject({ l1: null, targetL0: 16 });
    expect(() => dictionaryLearning.configure({ l1: 0.2, targetL0: 3 }, set)).toThrow("are both given");
    expect(() => dictionaryLearning.configure({ concepts: 20, targetL0: 21 }, set)).toThrow(
      "targetL0 is 21; there are 20 concepts",
    );
  });
});
