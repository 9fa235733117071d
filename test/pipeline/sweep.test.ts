/** What a grid comes to before any of it runs, and how long the rest of it takes. */
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/base/random.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { planSweep, type Plan } from "../../src/pipeline/sweep/grid.ts";
import type { SweepSpec } from "../../src/pipeline/sweep/sweep.ts";
import { timeLeft } from "../../src/pipeline/sweep/time-left.ts";
import { importRows, scratch } from "./folders.ts";

const at = scratch();
const dimension = 8;

beforeAll(async () => {
  const random = Random.of(1);
  const rows = (count: number): Float32Array =>
    Float32Array.from({ length: count * dimension }, () => random.normal());
  await importRows(at("set"), { dimension, image: rows(90), text: rows(60) });
});

async function plan(grid: Partial<SweepSpec>): Promise<Plan> {
  const set = await openEmbeddingSet(at("set"));
  const nothing = { concepts: [], k: [], seeds: ["0"], mixtures: [], diet: {}, options: {} };
  const engine = { analyze: false, threads: 1, product: "wasm" as const };
  try {
    return await planSweep(
      { set: at("set"), study: at("study"), learners: ["batch-topk"], ...nothing, ...engine, ...grid },
      set,
    );
  } finally {
    await set.close();
  }
}

const options = { epochs: "1", batch: "8" };

describe("a grid", () => {
  it("multiplies what each learner has", async () => {
    const grid = {
      learners: ["topk", "relu", "pca"],
      concepts: ["4", "16"],
      k: ["2", "3"],
      seeds: ["0", "1"],
    };
    const { cells, notes, rows } = await plan({ ...grid, options });
    expect(rows).toBeNull();
    expect(cells.map(({ learner }) => learner)).toEqual([
      ...Array.from({ length: 8 }, () => "topk"),
      ...Array.from({ length: 8 }, () => "relu"),
      ...Array.from({ length: 8 }, () => "pca"),
    ]);
    // relu has no k of its own: it is steered to that L0.
    expect(cells[8]).toMatchObject({ name: "relu-4-k2-l0-2-seed0", run: { config: { targetL0: 2 } } });
    // Nor has pca, whose concepts are all active: that many concepts, and those asked for.
    expect(cells.slice(16).filter(({ seed }) => seed === "0")).toMatchObject([
      { name: "pca-2-seed0", concepts: "2", k: "2", options: { concepts: "2", seed: "0" } },
      { name: "pca-3-seed0", concepts: "3", k: "3" },
      { name: "pca-4-seed0", concepts: "4", k: null, options: { concepts: "4", seed: "0" } },
      { name: "pca-16-seed0", concepts: "16", k: null },
    ]);
    expect(cells.filter(({ refusal }) => refusal !== null).map(({ name }) => name)).toEqual([
      "pca-16-seed0",
      "pca-16-seed1",
    ]);
    expect(notes).toEqual([
      "pca has every concept active on every row: k means as many concepts; 4, 16 concepts run besides, without k",
    ]);
  });

  it.each(["pca", "svd", "ica", "sparse-pca", "identity", "random"])(
    "gives %s as many concepts as k asks to be active",
    async (learner) => {
      const { cells, notes } = await plan({ learners: [learner], k: ["2", "5"] });
      expect(cells).toMatchObject(
        ["2", "5"].map((k) => ({ concepts: k, k, refusal: null, run: { config: { concepts: Number(k) } } })),
      );
      expect(notes).toEqual([`${learner} has every concept active on every row: k means as many concepts`]);
    },
  );

  it("gives random k where it has more concepts than dimensions", async () => {
    const { cells, notes } = await plan({ learners: ["random"], concepts: ["4", "16"], k: ["2", "4"] });
    expect(cells.map(({ name, k, run }) => [name, k, run?.config])).toMatchObject([
      ["random-2-seed0", "2", { concepts: 2, k: null }],
      ["random-4-seed0", "4", { concepts: 4, k: null }],
      ["random-16-k2-seed0", "2", { concepts: 16, k: 2 }],
      ["random-16-k4-seed0", "4", { concepts: 16, k: 4 }],
    ]);
    expect(notes).toEqual([
      "random has every concept active on every row at 4 concepts: k means as many concepts; 4 concepts run besides, without k",
    ]);
  });

  it("runs those once that k cannot steer", async () => {
    const { cells, notes } = await plan({
      learners: ["k-means", "semi-nmf"],
      concepts: ["4"],
      k: ["2", "3"],
    });
    expect(cells.map(({ name, k }) => [name, k])).toEqual([
      ["k-means-4-seed0", null],
      ["semi-nmf-4-seed0", null],
    ]);
    expect(notes).toEqual([
      "k-means has one concept active on every row: it runs once for all values of k",
      "semi-nmf has neither k nor a target L0: it runs once for all values of k",
    ]);
  });

  it("refuses single cells in the learner's words", async () => {
    const { cells } = await plan({ learners: ["topk"], concepts: ["4"], k: ["2", "2.5", "9"] });
    expect(cells.map(({ refusal }) => refusal)).toEqual([
      null,
      "k is 2.5; topk needs a whole number",
      "k is 9 of 4 concepts; expected no more than there are",
    ]);
  });

  it.each([
    [["100:0", "75:25", "50:50", "25:75", "0:100"], {}, 60],
    [["100:0", "75:25"], {}, 90],
    [["50:50", "0:100"], { share: "0.5" }, 30],
    [["50:50"], { rows: "20" }, null],
  ])("gives the mixtures %j of %j %s rows", async (mixtures, diet, total) => {
    const { cells, rows } = await plan({ mixtures, diet });
    expect(rows).toBe(total);
    for (const { run, mixture } of cells) {
      const [image = 0, text = 0] = mixture?.split(":").map(Number) ?? [];
      const all = total ?? 20;
      expect(run?.rows).toBe(all);
      expect(run?.diet?.image).toBe(Math.round((image / (image + text)) * all));
    }
  });

  it("has no cell twice", async () => {
    const { cells } = await plan({
      learners: ["pca", "pca"],
      seeds: ["0", "0", "1"],
      k: ["2", "2"],
      concepts: ["2"],
    });
    expect(cells.map(({ name }) => name)).toEqual(["pca-2-seed0", "pca-2-seed1"]);
  });

  it("is refused as a whole when no cell can be", async () => {
    await expect(plan({ k: ["0"] })).rejects.toThrow(/^k is "0"; expected a number above 0$/);
    await expect(plan({ learners: ["pca"], options })).rejects.toThrow(
      /^epochs is an option of none of these learners; leave it out$/,
    );
  });
});

describe("time left", () => {
  it("is unknown at first, then follows each learner's own pace", () => {
    const left = timeLeft();
    const cell = { learner: "topk", work: 100 };
    expect(left.estimate([cell], [], 2)).toBeNull();
    left.took(cell, 10);
    left.took({ learner: "pca", work: 100 }, 1);
    expect(left.estimate([cell, cell, cell, cell], [], 2)).toBeCloseTo(20, 9);
    expect(left.estimate([{ learner: "pca", work: 200 }], [], 2)).toBeCloseTo(2, 9);
    // A learner that is new is taken for the mean of the others.
    expect(left.estimate([{ learner: "relu", work: 200 }], [], 1)).toBeCloseTo(11, 9);
  });

  it("counts what running cells have done, and cannot split a cell", () => {
    const left = timeLeft();
    const running = { learner: "topk", work: 100, done: 0.25, seconds: 5 };
    expect(left.estimate([], [running], 2)).toBeCloseTo(15, 9);
    expect(left.estimate([{ learner: "topk", work: 100 }], [running], 2)).toBeCloseTo(20, 9);
    left.took({ learner: "topk", work: 100 }, 8);
    expect(left.estimate([], [{ ...running, done: 0 }], 1)).toBeCloseTo(3, 9);
  });
});
