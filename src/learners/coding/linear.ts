/** Codes z = E·x + encoderBias, signed, an entry for every concept that is not exactly zero. */
import type { Modality } from "../../base/rows.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { Dictionary } from "../dictionary.ts";
import type { Coder } from "./coder.ts";
import { fromDense } from "./from-dense.ts";

export function linearCoder(
  { dimension, concepts, encoder, biases }: Dictionary,
  modality: Modality,
  backend: Backend,
  mostRows: number,
): Coder {
  const x = backend.floats(mostRows * dimension);
  const weights = backend.floats(concepts * dimension);
  const out = backend.floats(mostRows * concepts);
  const bias = biases[modality].encoderBias;
  backend.write(weights, encoder);
  return {
    async encode(block, rows) {
      backend.write(x, block);
      await backend.product({ a: x, b: weights, out, m: rows, n: concepts, k: dimension });
      const dense = await backend.read(out, 0, rows * concepts);
      for (let i = 0; i < rows; i++) for (let j = 0; j < concepts; j++) dense[i * concepts + j] += bias[j];
      return fromDense(dense, rows, concepts);
    },
    free: () => backend.free(x, weights, out),
  };
}
