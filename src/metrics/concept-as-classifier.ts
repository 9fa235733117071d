/**
 * How well a concept alone tells image from text: balanced accuracy on held-out rows with the best
 * threshold (and side) found on the training rows, from the projection ⟨x, D_i⟩ and from the
 * activation z_i. 0.5 is chance.
 */
import type { SparseColumns } from "../base/sparse-codes.ts";
import type { Backend } from "../kernels/backend.ts";
import { balancedAccuracy, bestThreshold } from "./balanced-accuracy.ts";
import type { LabelledRows, LabelledSample } from "./labelled-sample.ts";

const blockConcepts = 256;

/** From ⟨x, D_i⟩, for every atom. */
export async function directionAccuracy(
  backend: Backend,
  sample: LabelledSample,
  atoms: Float32Array,
  concepts: number,
  dimension: number,
): Promise<Float64Array> {
  const { train, heldOut } = sample;
  const rows = train.rows + heldOut.rows;
  const block = Math.min(blockConcepts, concepts);
  const a = backend.floats(block * dimension);
  const b = backend.floats(rows * dimension);
  const out = backend.floats(block * rows);
  const accuracies = new Float64Array(concepts);
  const sorter = projectionSorter(train);
  try {
    backend.write(b, train.x);
    backend.write(b, heldOut.x, train.rows * dimension);
    for (let start = 0; start < concepts; start += block) {
      const count = Math.min(block, concepts - start);
      backend.write(a, atoms.subarray(start * dimension, (start + count) * dimension));
      await backend.product({ a, b, out, m: count, n: rows, k: dimension });
      const projections = await backend.read(out, 0, count * rows);
      for (let i = 0; i < count; i++) {
        const at = i * rows;
        const { sorted, positive } = sorter(projections, at);
        const { cut, flipped } = bestThreshold(sorted, positive);
        accuracies[start + i] = accuracyAbove(projections, at + train.rows, heldOut, cut, flipped);
      }
    }
  } finally {
    backend.free(a, b, out);
  }
  return accuracies;
}

/**
 * Sorts one concept's training projections with their classes: floats become integers of the same
 * order whose lowest bit carries the class, which costs one unit in the last place.
 */
function projectionSorter(
  train: LabelledRows,
): (values: Float32Array, at: number) => { sorted: Float32Array; positive: Uint8Array } {
  const n = train.rows;
  const sorted = new Float32Array(n);
  const bits = new Uint32Array(sorted.buffer);
  const keys = new Uint32Array(n);
  const positive = new Uint8Array(n);
  return (values, at) => {
    for (let e = 0; e < n; e++) sorted[e] = values[at + e];
    for (let e = 0; e < n; e++) {
      const u = bits[e];
      const ordered = u & 0x8000_0000 ? ~u : u | 0x8000_0000;
      keys[e] = (ordered & ~1) | train.isImage[e];
    }
    keys.sort();
    for (let e = 0; e < n; e++) {
      const key = keys[e];
      positive[e] = key & 1;
      const ordered = key & ~1;
      bits[e] = ordered & 0x8000_0000 ? ordered & 0x7fff_ffff : ~ordered;
    }
    return { sorted, positive };
  };
}

function accuracyAbove(
  values: Float32Array,
  at: number,
  part: LabelledRows,
  cut: number,
  flipped: boolean,
): number {
  let positiveAbove = 0;
  let negativeAbove = 0;
  let positives = 0;
  for (let e = 0; e < part.rows; e++) {
    const image = part.isImage[e];
    positives += image;
    if (values[at + e] <= cut) continue;
    if (image === 1) positiveAbove++;
    else negativeAbove++;
  }
  return balancedAccuracy(
    { positiveAbove, positives, negativeAbove, negatives: part.rows - positives },
    flipped,
  );
}

/**
 * From z_i ≥ 0, for every concept; `images` and `texts` are the codes by concept, the masks say
 * which rows are held out. Rows without the concept lie at 0.
 */
export function activationAccuracy(
  images: SparseColumns,
  texts: SparseColumns,
  imageHeldOut: Uint8Array,
  textHeldOut: Uint8Array,
): Float64Array {
  const held = { image: countOnes(imageHeldOut), text: countOnes(textHeldOut) };
  const positives = images.rows - held.image;
  const negatives = texts.rows - held.text;
  return Float64Array.from({ length: images.concepts }, (_, i) => {
    const entries = [...trainEntries(images, i, imageHeldOut, 1), ...trainEntries(texts, i, textHeldOut, 0)];
    entries.sort((a, b) => b.value - a.value);
    let best = 0.5;
    let cut = Infinity;
    let flipped = false;
    let positiveAbove = 0;
    let negativeAbove = 0;
    for (let e = 0; e < entries.length; e++) {
      const entry = entries[e];
      if (entry.image === 1) positiveAbove++;
      else negativeAbove++;
      const next = e + 1 < entries.length ? entries[e + 1].value : 0;
      if (next === entry.value) continue;
      const rate = positiveAbove / positives - negativeAbove / negatives;
      if (0.5 + Math.abs(rate) / 2 <= best) continue;
      best = 0.5 + Math.abs(rate) / 2;
      cut = (entry.value + next) / 2;
      flipped = rate < 0;
    }
    return balancedAccuracy(
      {
        positiveAbove: heldOutAbove(images, i, imageHeldOut, cut),
        positives: held.image,
        negativeAbove: heldOutAbove(texts, i, textHeldOut, cut),
        negatives: held.text,
      },
      flipped,
    );
  });
}

function trainEntries(
  columns: SparseColumns,
  concept: number,
  heldOut: Uint8Array,
  image: 0 | 1,
): { value: number; image: 0 | 1 }[] {
  const out: { value: number; image: 0 | 1 }[] = [];
  for (let e = columns.conceptStart[concept]; e < columns.conceptStart[concept + 1]; e++)
    if (heldOut[columns.row[e]] === 0 && columns.value[e] > 0) out.push({ value: columns.value[e], image });
  return out;
}

function heldOutAbove(columns: SparseColumns, concept: number, heldOut: Uint8Array, cut: number): number {
  let count = 0;
  for (let e = columns.conceptStart[concept]; e < columns.conceptStart[concept + 1]; e++)
    if (heldOut[columns.row[e]] === 1 && columns.value[e] > cut) count++;
  return count;
}

function countOnes(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i];
  return count;
}
