import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random } from "../base/random.ts";
import { byConcept } from "../base/sparse-codes.ts";
import { createReferenceBackend } from "../kernels/reference/backend.ts";
import { eachCosineRow } from "./atom-cosines.ts";
import { activationAccuracy, directionAccuracy } from "./concept-as-classifier.ts";
import { absoluteCosines, modalityDirection } from "./direction-cosines.ts";
import type { LabelledRows } from "./labelled-sample.ts";
import { bimodalConcepts, gapBetween, keepConcepts, meanReconstruction } from "./modality-gap.ts";
import { modalityProbe } from "./modality-probe.ts";
import { modalitySubspace, subspaceNorms } from "./modality-subspace.ts";
import { samplePairs } from "./pair-sample.ts";
import { recallOfProducts } from "./recall-of-products.ts";
import { retrievalRecall, type Recall } from "./retrieval.ts";
import { sparse } from "./testing/codes.ts";

type Part = "train" | "heldOut";

/** By scikit-learn and numpy: test/fixtures/make/modality.py. */
interface Reference {
  dimension: number;
  concepts: number;
  train: { x: number[]; isImage: number[] };
  heldOut: { x: number[]; isImage: number[] };
  atoms: number[];
  codes: Record<Part, number[]>;
  probe: { normal: number[]; trainAccuracy: number; heldOutAccuracy: number };
  subspace: { accuracies: number[]; norms: number[] };
  /** Null where two thresholds are equally good. */
  directionAccuracy: (number | null)[];
  activationAccuracy: (number | null)[];
  gap: number;
  retrieval: {
    images: number[];
    texts: number[];
    imageOf: number[];
    imageToText: Recall;
    textToImage: Recall;
  };
}

const folder = join(import.meta.dirname, "../../test/fixtures/measures");
const reference = JSON.parse(readFileSync(join(folder, "modality.json"), "utf8")) as Reference;
const { dimension: d, concepts: c } = reference;
const atoms = Float32Array.from(reference.atoms);
const backend = createReferenceBackend();
const labelled = (part: Part): LabelledRows => ({
  rows: reference[part].isImage.length,
  x: Float32Array.from(reference[part].x),
  isImage: Uint8Array.from(reference[part].isImage),
});
const sample = { train: labelled("train"), heldOut: labelled("heldOut") };

function expectAccuracies(found: Float64Array, expected: readonly (number | null)[]): void {
  const clear = expected.flatMap((value, i) => (value === null ? [] : [{ i, value }]));
  expect(clear.length).toBeGreaterThan(c / 2);
  for (const { i, value } of clear) expect(found[i]).toBeCloseTo(value, 9);
}

describe("the modality probe", () => {
  it("is scikit-learn's: direction and balanced accuracies", () => {
    const probe = modalityProbe(sample, d);
    probe.normal.forEach((value, j) => expect(value).toBeCloseTo(reference.probe.normal[j], 5));
    expect(probe.trainAccuracy).toBeCloseTo(reference.probe.trainAccuracy, 9);
    expect(probe.heldOutAccuracy).toBeCloseTo(reference.probe.heldOutAccuracy, 9);
  });
});

describe("the modality subspace", () => {
  it("takes scikit-learn's probes one after another until one reads nothing", () => {
    const subspace = modalitySubspace(sample, d);
    expect(subspace.ended).toBe("chance");
    expect(subspace.rank).toBe(reference.subspace.accuracies.length - 1);
    // These probes stop early, so one row may lie on the other side of the cut.
    const oneRow = 1 / (2 * 24) + 1e-9;
    subspace.accuracies.forEach((value, r) =>
      expect(Math.abs(value - reference.subspace.accuracies[r])).toBeLessThanOrEqual(oneRow),
    );
    const norms = subspaceNorms(atoms, c, d, subspace);
    norms.forEach((value, i) => expect(value).toBeCloseTo(reference.subspace.norms[i], 3));
  });
});

describe("concepts as classifiers", () => {
  it("reach the held-out accuracy of scikit-learn's best threshold on projections", async () => {
    expectAccuracies(await directionAccuracy(backend, sample, atoms, c, d), reference.directionAccuracy);
  });

  it("and on activations", () => {
    const rows = { image: [] as number[], text: [] as number[] };
    const held = { image: [] as number[], text: [] as number[] };
    for (const part of ["train", "heldOut"] as const) {
      reference[part].isImage.forEach((image, row) => {
        const modality = image === 1 ? "image" : "text";
        rows[modality].push(...reference.codes[part].slice(row * c, (row + 1) * c));
        held[modality].push(part === "heldOut" ? 1 : 0);
      });
    }
    const found = activationAccuracy(
      byConcept(sparse(rows.image, c)),
      byConcept(sparse(rows.text, c)),
      Uint8Array.from(held.image),
      Uint8Array.from(held.text),
    );
    expectAccuracies(found, reference.activationAccuracy);
  });
});

describe("the modality gap", () => {
  const { x, isImage } = sample.train;
  const mean = (image: number): Float64Array => {
    const sum = new Float64Array(d);
    let rows = 0;
    isImage.forEach((label, row) => {
      if (label !== image) return;
      rows++;
      for (let j = 0; j < d; j++) sum[j] += x[row * d + j];
    });
    return sum.map((value) => value / rows);
  };

  it("is the distance of the means, along a unit direction from texts to images", () => {
    expect(gapBetween(mean(1), mean(0))).toBeCloseTo(reference.gap, 9);
    const direction = modalityDirection(mean(1), mean(0));
    const along = (row: Float64Array): number => row.reduce((sum, value, j) => sum + value * direction[j], 0);
    expect(along(mean(1)) - along(mean(0))).toBeCloseTo(reference.gap, 9);
    const unit = Float32Array.from({ length: 2 * d }, (_, e) => (e < d ? -2 * direction[e] : 0));
    expect([...absoluteCosines(unit, 2, direction)]).toEqual([expect.closeTo(1, 6), 0]);
  });

  it("is kept by bimodal concepts alone as far as their codes differ", () => {
    const keep = bimodalConcepts(Float64Array.of(0.04, 0.05, 0.5, 0.95, 0.96, NaN));
    expect([...keep]).toEqual([0, 1, 1, 1, 0, 0]);
    const kept = keepConcepts(sparse([1, 0, 2, 3, 0, 4, 0, 5, 0, 0, 6, 0], 6), keep);
    expect([[...kept.rowStart], [...kept.concept], [...kept.value]]).toEqual([
      [0, 2, 3],
      [2, 3, 1],
      [2, 3, 5],
    ]);
    const rebuilt = meanReconstruction(
      Float64Array.of(2, 0, 1),
      Float32Array.of(1, 0, 9, 9, 0, 1),
      2,
      Float32Array.of(0.5, -0.5),
    );
    expect([...rebuilt]).toEqual([2.5, 0.5]);
  });
});

describe("retrieval", () => {
  const { images, texts, imageOf, ...expected } = reference.retrieval;

  it("has numpy's recall in both directions, with several captions for an image", async () => {
    const found = await retrievalRecall(
      backend,
      Float32Array.from(images),
      Float32Array.from(texts),
      Uint32Array.from(imageOf),
      d,
    );
    expect([found.images, found.texts]).toEqual([30, imageOf.length]);
    expect(found.imageToText).toEqual(expected.imageToText);
    expect(found.textToImage).toEqual(expected.textToImage);
    expect(found.imageToText.at1).toBeLessThan(1);
  });

  it("is the same from all products at once, equal ones and images without captions among them", async () => {
    const random = Random.of(5, "products");
    const [g, n] = [12, 40];
    // Few different rows, so that many products are equal.
    const rows = (count: number): Float32Array =>
      Float32Array.from({ length: count * 3 }, () => Math.round(2 * random.normal()));
    const [x, y] = [rows(g), rows(n)];
    const belongs = Uint32Array.from({ length: n }, () => Math.floor(random.uniform() * (g - 1)));
    const products = new Float32Array(g * n);
    const unit = (all: Float32Array): Float32Array => {
      const out = all.slice();
      for (let at = 0; at < out.length; at += 3) {
        const length = Math.hypot(...out.subarray(at, at + 3));
        for (let q = at; q < at + 3; q++) out[q] = length === 0 ? 0 : out[q] / length;
      }
      return out;
    };
    await eachCosineRow(backend, unit(x), unit(y), 3, (i, row) => products.set(row, i * n));
    const expected = await retrievalRecall(backend, x, y, belongs, 3);
    expect(recallOfProducts(products, belongs)).toEqual(expected);
  });

  it("counts half of those that are exactly as similar", async () => {
    const alike = Float32Array.from({ length: 12 }, (_, e) => (e % 2 === 0 ? 1 : 0));
    const { imageToText } = await retrievalRecall(backend, alike, alike, Uint32Array.of(0, 1, 2, 3, 4, 5), 2);
    expect(imageToText).toEqual({ at1: 0, at5: 1, at10: 1 });
  });

  it("takes the pairs as they are up to the asked number of images, and draws whole images above", () => {
    const image = Uint32Array.from({ length: 300 }, (_, p) => 7 * (p % 100));
    const text = Uint32Array.from({ length: 300 }, (_, p) => 299 - p);
    const pairs = { image, text };
    const all = samplePairs(pairs, 100, 1);
    expect(all.texts).toEqual(text);
    expect(all.imageOf.map((g) => all.images[g])).toEqual(image);
    const drawn = samplePairs(pairs, 40, 1);
    expect([drawn.images.length, drawn.texts.length, drawn.imagesInAll]).toEqual([40, 120, 100]);
    const kept = new Set(drawn.images);
    const expected = [...text].filter((_, p) => kept.has(image[p]));
    expect([...drawn.texts]).toEqual(expected);
    expect(drawn.imageOf.map((g) => drawn.images[g])).toEqual(image.filter((row) => kept.has(row)));
    expect(samplePairs(pairs, 40, 1)).toEqual(drawn);
    expect(samplePairs(pairs, 40, 2).images).not.toEqual(drawn.images);
  });
});
