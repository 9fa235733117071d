/**
 * What a dictionary does to pairs, on those that were not in training together: similarity of matched
 * and mismatched codes, difference of energies, recall of the image's own caption; and the bimodal
 * share of all energy.
 *
 *   node bench/paired-codes.ts <set> <study> <dictionary> …
 */
import type { SparseCodes } from "../src/base/sparse-codes.ts";
import { encodeRows } from "../src/learners/codes.ts";
import { openDictionary, openSplit } from "../src/pipeline/dictionary-folder.ts";
import { openEmbeddingSet } from "../src/pipeline/embedding-set.ts";
import { createCpuBackend } from "../src/platform/node/cpu-backend.ts";

const [folder = "", study = "", ...names] = process.argv.slice(2);
const set = await openEmbeddingSet(folder);
const backend = await createCpuBackend();
const { image, text, pairs } = set.embeddings;

function cosine(u: SparseCodes, i: number, v: SparseCodes, t: number): number {
  let [dot, squareU, squareV] = [0, 0, 0];
  let f = v.rowStart[t];
  for (let e = u.rowStart[i]; e < u.rowStart[i + 1]; e++) {
    squareU += u.value[e] ** 2;
    while (f < v.rowStart[t + 1] && v.concept[f] < u.concept[e]) f++;
    if (f < v.rowStart[t + 1] && v.concept[f] === u.concept[e]) dot += u.value[e] * v.value[f];
  }
  for (let e = v.rowStart[t]; e < v.rowStart[t + 1]; e++) squareV += v.value[e] ** 2;
  return squareU * squareV > 0 ? dot / Math.sqrt(squareU * squareV) : 0;
}

/** Σ of f(z) by concept over the rows named, or all of them. */
function sums(codes: SparseCodes, f: (z: number) => number, rows?: readonly number[]): Float64Array {
  const out = new Float64Array(codes.concepts);
  for (const i of rows ?? Array.from({ length: codes.rows }, (_, row) => row)) {
    for (let e = codes.rowStart[i]; e < codes.rowStart[i + 1]; e++) {
      out[codes.concept[e]] += f(codes.value[e]);
    }
  }
  return out;
}

for (const name of names) {
  const { dictionary, run } = await openDictionary(study, name);
  const trained = new Set((await openSplit(study, name)).train);
  const u = await encodeRows(dictionary, image, "image", backend);
  const v = await encodeRows(dictionary, text, "text", backend);
  const unseen = Array.from(pairs.image.keys()).filter(
    (p) => !trained.has(pairs.image[p]) || !trained.has(image.rows + pairs.text[p]),
  );
  const matched = unseen.map((p) => cosine(u, pairs.image[p], v, pairs.text[p]));
  const shift = Math.ceil(unseen.length / 3);
  const mismatched = unseen.map((p, at) =>
    cosine(u, pairs.image[p], v, pairs.text[unseen[(at + shift) % unseen.length]]),
  );
  const ranks = unseen.map((p, at) => {
    const others = unseen.filter((q) => pairs.image[q] !== pairs.image[p]);
    return others.filter((q) => cosine(u, pairs.image[p], v, pairs.text[q]) >= matched[at]).length;
  });
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const square = (z: number): number => z * z;
  const E = sums(u, square, unseen.map((p) => pairs.image[p])); // prettier-ignore
  const F = sums(v, square, unseen.map((p) => pairs.text[p])); // prettier-ignore
  let [difference, sum] = [0, 0];
  E.forEach((value, j) => {
    difference += (value - F[j]) ** 2;
    sum += (value + F[j]) ** 2;
  });
  const [ofImages, ofTexts] = [sums(u, (z) => z / u.rows), sums(v, (z) => z / v.rows)];
  let [bimodal, all] = [0, 0];
  ofImages.forEach((value, j) => {
    const both = value + ofTexts[j];
    all += both;
    if (Math.min(value, ofTexts[j]) >= 0.1 * both) bimodal += both;
  });
  console.log(
    JSON.stringify({
      name,
      r2: run.metrics.all.r2,
      heldOutR2: run.metrics.heldOut?.r2,
      pairs: unseen.length,
      matched: mean(matched),
      mismatched: mean(mismatched),
      energyDifference: difference / sum,
      recallAt1: mean(ranks.map((rank) => (rank < 1 ? 1 : 0))),
      recallAt10: mean(ranks.map((rank) => (rank < 10 ? 1 : 0))),
      bimodalEnergy: bimodal / all,
    }),
  );
}
await backend.close();
await set.close();
