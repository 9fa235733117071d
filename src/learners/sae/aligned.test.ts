/** The penalties of `aligned` against PyTorch, its batches, and what it does to planted pairs. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { silent } from "../../base/progress.ts";
import { rowsInMemory, type EmbeddingRows } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { encodeRows } from "../codes.ts";
import { jointRows } from "../joint-rows.ts";
import type { Fitted } from "../learner.ts";
import { learnerNamed } from "../registry.ts";
import { heterogeneous } from "../testing/heterogeneous.ts";
import { batchReader } from "./batches.ts";
import { pairPenalties } from "./pair-penalties.ts";
import { pairedBatchReader, pairsPerBatch } from "./paired-batches.ts";

interface Fixture {
  readonly pairs: number;
  readonly concepts: number;
  readonly weights: { readonly alignment: number; readonly isoEnergy: number };
  readonly cases: readonly {
    readonly leaveStrongest: boolean;
    readonly codes: number[];
    readonly alignment: number;
    readonly isoEnergy: number;
    readonly gradients: number[];
  }[];
}
const file = new URL("../../../test/fixtures/measures/pair-penalties.json", import.meta.url);
const fixture = JSON.parse(readFileSync(file, "utf8")) as Fixture;

function sparse(dense: readonly number[], concepts: number): SparseCodes {
  const rows = dense.length / concepts;
  const rowStart = new Uint32Array(rows + 1);
  const active = Array.from(dense.keys()).filter((at) => dense[at] !== 0);
  for (const at of active) rowStart[Math.floor(at / concepts) + 1]++;
  for (let i = 0; i < rows; i++) rowStart[i + 1] += rowStart[i];
  return {
    rows,
    concepts,
    rowStart,
    concept: Uint32Array.from(active, (at) => at % concepts),
    value: Float32Array.from(active, (at) => dense[at]),
  };
}

it.each(fixture.cases)("has PyTorch's penalties and gradients (leaveStrongest $leaveStrongest)", (one) => {
  const codes = sparse(one.codes, fixture.concepts);
  const gradients = new Float32Array(codes.value.length);
  const { leaveStrongest } = one;
  const found = pairPenalties(codes, fixture.pairs, { ...fixture.weights, leaveStrongest }, gradients);
  expect(found.alignment).toBeCloseTo(one.alignment, 6);
  expect(found.isoEnergy).toBeCloseTo(one.isoEnergy, 6);
  const active = Array.from(one.codes.keys()).filter((at) => one.codes[at] !== 0);
  active.forEach((at, e) => expect(gradients[e]).toBeCloseTo(one.gradients[at], 6));
  expect(Math.max(...gradients.map(Math.abs))).toBeGreaterThan(0.01);
});

const dimension = 24;
const world = heterogeneous({ seed: 9, images: 700, pairs: 600, dimension, concepts: 10, similarity: 0.6 });
const rows = 1300;

it("ends its batches in pairs, image and text rows in one order", async () => {
  const source = jointRows(world);
  const zeros = new Float32Array(dimension);
  const preparation = {
    centring: "none",
    mean: { image: zeros, text: zeros },
    scale: 1,
    variance: 1,
  } as const;
  const train = Uint32Array.from({ length: rows }, (_, i) => i);
  const m = pairsPerBatch(32, 0.5);
  expect(m).toBe(8);
  expect([pairsPerBatch(33, 1), pairsPerBatch(256, 0)]).toEqual([16, 1]);
  expect(() => pairsPerBatch(1, 0.5)).toThrow("at least 2");
  const common = { source, preparation, seed: 3 };
  const ordinary = batchReader({ ...common, train, batch: 16, mixture: null });
  const { pairs } = world;
  const reader = pairedBatchReader({ ...common, ordinary, pairs, batch: 32, pairsPerBatch: m });
  const all = { image: new Float32Array(700 * dimension), text: new Float32Array(600 * dimension) };
  await world.image.readRange(0, 700, all.image);
  await world.text.readRange(0, 600, all.text);
  const numberOf = (data: Float32Array, row: Float32Array): number => {
    for (let i = 0; i * dimension < data.length; i++) {
      if (row.every((value, t) => value === data[i * dimension + t])) return i;
    }
    return -1;
  };
  const seen = new Set<number>();
  for (let step = 0; step < 75; step++) {
    const batch = new Float32Array(32 * dimension);
    await reader.fill(step, batch);
    const row = (i: number): Float32Array => batch.subarray(i * dimension, (i + 1) * dimension);
    for (let i = 0; i < m; i++) {
      const image = numberOf(all.image, row(16 + i));
      expect(numberOf(all.text, row(16 + m + i))).toBe(image);
      seen.add(image);
    }
  }
  // 75 steps of 8 pairs are one epoch of the 600 pairs.
  expect(seen.size).toBe(600);
});

async function fit(data: EmbeddingRows, given: Record<string, unknown>): Promise<Fitted> {
  const learner = learnerNamed("aligned");
  const options = { concepts: 40, k: 2, epochs: 25, batch: 64, seed: 1, leaveStrongest: false, ...given };
  const backend = createReferenceBackend();
  const context = { backend, progress: silent, log: () => {} };
  return learner.fit(data, learner.configure(options, { rows, dimension }), context);
}

/** On the pairs that training never saw together: mean cosine, Σ(E − F)²/Σ(E + F)²; and the bimodal share of energy. */
async function measures({ dictionary, split }: Fitted) {
  const backend = createReferenceBackend();
  const image = await encodeRows(dictionary, world.image, "image", backend);
  const text = await encodeRows(dictionary, world.text, "text", backend);
  const trained = new Set(split.train);
  const dense = (codes: SparseCodes, row: number): Float64Array => {
    const out = new Float64Array(dictionary.concepts);
    for (let e = codes.rowStart[row]; e < codes.rowStart[row + 1]; e++)
      out[codes.concept[e]] = codes.value[e];
    return out;
  };
  const energies = { image: new Float64Array(40), text: new Float64Array(40) };
  let [cosine, count] = [0, 0];
  for (let p = 0; p < 600; p++) {
    const [u, v] = [dense(image, p), dense(text, p)];
    u.forEach((value, j) => (energies.image[j] += value ** 2));
    v.forEach((value, j) => (energies.text[j] += value ** 2));
    if (trained.has(p) && trained.has(700 + p)) continue;
    const norms = Math.hypot(...u) * Math.hypot(...v);
    cosine += norms > 0 ? u.reduce((sum, value, j) => sum + value * v[j], 0) / norms : 0;
    count++;
  }
  let [difference, sum, bimodal, total] = [0, 0, 0, 0];
  energies.image.forEach((E, j) => {
    const F = energies.text[j];
    difference += (E - F) ** 2;
    sum += (E + F) ** 2;
    total += E + F;
    if (Math.min(E, F) > 0.1 * (E + F)) bimodal += E + F;
  });
  return { cosine: cosine / count, energyDifference: difference / sum, bimodal: bimodal / total };
}

describe("on pairs whose concepts lie in other directions in texts than in images", () => {
  it("the alignment joins codes, the iso-energy evens energies", async () => {
    const free = await measures(await fit(world, { alignment: 0, isoEnergy: 0 }));
    const joined = await measures(await fit(world, { alignment: 0.3, isoEnergy: 0 }));
    const evened = await measures(await fit(world, { alignment: 0, isoEnergy: 0.3 }));
    expect(joined.cosine).toBeGreaterThan(free.cosine + 0.2);
    expect(joined.bimodal).toBeGreaterThan(free.bimodal + 0.2);
    expect(evened.energyDifference).toBeLessThan(free.energyDifference / 2);
    expect(evened.bimodal).toBeGreaterThan(free.bimodal);
  });

  it("refuses a set without pairs, and options of others, in one line", async () => {
    const none = { image: new Uint32Array(0), text: new Uint32Array(0) };
    await expect(fit({ ...world, pairs: none }, {})).rejects.toThrow("the set has no pairs");
    const oneSided = { ...world, text: rowsInMemory(new Float32Array(0), dimension), pairs: none };
    await expect(fit(oneSided, {})).rejects.toThrow("aligned needs them");
    const configure = (name: string, given: object) => (): object =>
      learnerNamed(name).configure({ ...given }, { rows, dimension });
    expect(configure("topk", { alignment: 1 })).toThrow("topk uses no pairs, aligned does");
    expect(configure("aligned", { design: "modality-specific" })).toThrow("expected shared");
  });
});
