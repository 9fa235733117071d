/** Legal sets on which a variance is undefined: trained, opened again, analysed and compared. */
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/base/random.ts";
import { trainingReport } from "../../src/cli/verbs/train.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { analyzeStudy } from "../../src/pipeline/analyze.ts";
import { compareDictionaries } from "../../src/pipeline/compare.ts";
import { openDictionary } from "../../src/pipeline/dictionary-folder.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import { openStudyFolder, summarizeStudy } from "../../src/pipeline/study-summary.ts";
import type { ReconstructionMetrics, RunRecord } from "../../src/protocol/study.ts";
import { importRows, scratch } from "./folders.ts";

const at = scratch();
const dimension = 8;
const effects = { backend: createReferenceBackend(), now: () => 0 };
const options = { concepts: 4, k: 2, epochs: 3, batch: 8 };
const drawn = (rows: number, seed: number): Float32Array => {
  const random = Random.of(seed, "small data");
  return Float32Array.from({ length: rows * dimension }, () => random.normal());
};
const equal = (rows: number): Float32Array =>
  Float32Array.from({ length: rows * dimension }, (_, i) => Math.fround(0.1 + ((i % dimension) % 3)));

const cases: readonly {
  name: string;
  learner: string;
  options: typeof options & { patience?: number; center?: string };
  image: Float32Array;
  text: Float32Array;
  undefinedFor: readonly (keyof RunRecord["metrics"])[];
}[] = [
  {
    name: "one-held-out",
    learner: "topk",
    options: { ...options, patience: 2 },
    image: drawn(6, 1),
    text: drawn(6, 2),
    undefinedFor: ["heldOut"],
  },
  {
    name: "one-image",
    learner: "topk",
    options,
    image: drawn(1, 1),
    text: drawn(60, 2),
    undefinedFor: ["image"],
  },
  {
    name: "equal-rows",
    learner: "topk",
    options: { ...options, center: "none" },
    image: equal(20),
    text: equal(20),
    undefinedFor: ["all", "image", "text", "train", "heldOut"],
  },
];

describe.each(cases)("$name", ({ name, learner, options, image, text, undefinedFor }) => {
  const study = (): string => at(`${name}-study`);
  const set = (): string => at(name);
  let run: RunRecord;
  beforeAll(async () => {
    await importRows(set(), { dimension, image, text, pairedRows: image.length === text.length });
    for (const seed of [0, 1]) {
      const spec = {
        set: set(),
        study: study(),
        learner,
        options: { ...options, seed },
        name: `seed${seed}`,
      };
      ({ run } = await trainStudy(spec, effects));
    }
  });

  it("is trained, and R² is undefined exactly where the rows do not vary", async () => {
    const stored = await openDictionary(study(), "seed1");
    expect(stored.run).toEqual(run);
    const parts = Object.entries(run.metrics).filter((part): part is [string, ReconstructionMetrics] =>
      Boolean(part[1]),
    );
    expect(parts.filter(([, { r2 }]) => r2 === null).map(([part]) => part)).toEqual(
      expect.arrayContaining([...undefinedFor]),
    );
    expect(parts.filter(([, { r2 }]) => r2 === null).length).toBe(undefinedFor.length);
    const [line = ""] = trainingReport(run)
      .split("\n")
      .filter((text) => text.includes("held-out rows"));
    expect(/held-out rows +\d+ +–/.test(line)).toBe(undefinedFor.includes("heldOut"));
  });

  it("is analysed, compared and shown", async () => {
    const { dictionaries } = await analyzeStudy({ study: study() }, effects);
    expect(dictionaries.map((metrics) => metrics["r2"] === null)).toEqual(
      [0, 1].map(() => undefinedFor.includes("all")),
    );
    const [comparison] = await compareDictionaries([study()], effects);
    expect(comparison?.matched).toBe(options.concepts);
    expect(Number.isFinite(comparison?.stability)).toBe(true);
    const summary = await summarizeStudy(await openStudyFolder(study()));
    expect(summary.dictionaries.map(({ image }) => image?.r2 === null)).toEqual(
      [0, 1].map(() => undefinedFor.includes("image")),
    );
  });
});
