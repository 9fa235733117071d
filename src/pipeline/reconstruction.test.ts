import { describe, expect, it } from "vitest";
import { silent } from "../base/progress.ts";
import { modalities } from "../base/rows.ts";
import type { Backend } from "../kernels/backend.ts";
import { createReferenceBackend } from "../kernels/reference/backend.ts";
import { encodeRows } from "../learners/codes.ts";
import { hasDenseRows } from "../learners/dense-decoder.ts";
import { learnerNamed } from "../learners/registry.ts";
import { planted } from "../learners/testing/planted.ts";
import {
  addReconstruction,
  mergeReconstruction,
  reconstructionMetrics,
  reconstructionSums,
} from "../metrics/reconstruction.ts";
import { measureReconstruction } from "./reconstruction.ts";

const dimension = 24;
const { data } = planted({
  seed: 8,
  images: 1100,
  texts: 300,
  dimension,
  concepts: 30,
  active: 3,
  offset: 0.4,
});
const backend = createReferenceBackend();

it("says how many rows' codes stopped short of their tolerance", async () => {
  const learner = learnerNamed("semi-nmf");
  const context = { backend, progress: silent, log: () => {} };
  const config = learner.configure({ concepts: 6, iterations: 2 }, { rows: 1400, dimension });
  const { dictionary, split } = await learner.fit(data, config, context);
  const hasty = Object.create(backend) as Backend;
  hasty.leastSquares = async (operation) => {
    const done = await backend.leastSquares(operation);
    return { ...done, unsettled: operation.rows > 1000 ? 3 : 1 };
  };
  const { notes } = await measureReconstruction(dictionary, data, split, hasty);
  // Blocks of 1,024 and 76 images, and of 300 texts.
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/^codes of 5 of 1400 rows stopped short of their tolerance/);
  expect((await measureReconstruction(dictionary, data, split, backend)).notes).toEqual([]);
});

describe.each([
  ["pca", { concepts: 10, center: "per-modality" }, true],
  ["k-means", { concepts: 40, iterations: 5 }, false],
] as const)("the reconstruction of %s", (name, options, dense) => {
  it("is that of its codes decoded one by one in float64, over blocks, modalities and the split", async () => {
    const learner = learnerNamed(name);
    const config = learner.configure(options, { rows: 1400, dimension });
    const context = { backend, progress: silent, log: () => {} };
    const { dictionary, split } = await learner.fit(data, config, context);
    const { metrics: found, notes } = await measureReconstruction(dictionary, data, split, backend);
    expect(notes).toEqual([]);
    const heldOut = new Set(split.heldOut);
    const empty = () => reconstructionSums(dimension, dictionary.concepts);
    const sums = { image: empty(), text: empty(), train: empty(), heldOut: empty() };
    for (const modality of modalities) {
      const codes = await encodeRows(dictionary, data[modality], modality, backend);
      expect(hasDenseRows(codes)).toBe(dense);
      const x = new Float32Array(dimension);
      for (let row = 0; row < codes.rows; row++) {
        await data[modality].readRange(row, 1, x);
        const part = heldOut.has(row + (modality === "text" ? data.image.rows : 0)) ? "heldOut" : "train";
        const { atoms, biases } = dictionary;
        for (const into of [sums[modality], sums[part]]) {
          addReconstruction(into, x, 1, codes, row, atoms, biases[modality].decoderBias);
        }
      }
    }
    const expected = {
      ...Object.fromEntries(Object.entries(sums).map(([part, of]) => [part, reconstructionMetrics(of)])),
      all: reconstructionMetrics(mergeReconstruction(sums.image, sums.text)),
    };
    for (const [part, of] of Object.entries(expected)) {
      for (const [key, value] of Object.entries(of)) {
        const got: unknown = found[part as keyof typeof found]?.[key as keyof typeof of];
        expect(Math.abs(Number(got) - Number(value)), `${key} of ${part}`).toBeLessThan(1e-6);
      }
    }
  });
});
