/** One code per row: the concept with the largest E·x + encoderBias, with that concept's length. */
import type { Modality } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import { NearestCentroid } from "../../linalg/nearest-centroid.ts";
import type { Activation, Dictionary } from "../dictionary.ts";
import type { Coder } from "./coder.ts";

export function nearestCoder(
  { dimension, concepts, encoder, biases }: Dictionary,
  { lengths }: Extract<Activation, { kind: "nearest" }>,
  modality: Modality,
  backend: Backend,
  mostRows: number,
): Coder {
  const x = backend.floats(mostRows * dimension);
  const search = new NearestCentroid(backend, x, { mostRows, dimension, concepts });
  search.setCentroids(encoder, biases[modality].encoderBias);
  return {
    async encode(block, rows) {
      backend.write(x, block);
      const { label } = await search.find(rows);
      return oneHot(label, lengths);
    },
    free() {
      search.free();
      backend.free(x);
    },
  };
}

function oneHot(label: Uint32Array, lengths: Float32Array): SparseCodes {
  const rowStart = new Uint32Array(label.length + 1);
  const concept = new Uint32Array(label.length);
  const value = new Float32Array(label.length);
  let at = 0;
  for (let i = 0; i < label.length; i++) {
    const length = lengths[label[i]];
    // A centroid at the mean itself has no length, so its rows have no code.
    if (length > 0) {
      concept[at] = label[i];
      value[at++] = length;
    }
    rowStart[i + 1] = at;
  }
  return {
    rows: label.length,
    concepts: lengths.length,
    rowStart,
    concept: concept.slice(0, at),
    value: value.slice(0, at),
  };
}
