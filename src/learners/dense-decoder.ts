/**
 * x̂ = zᵀD + bias where many concepts are active on every row: one dense product for a block of rows,
 * in float32, instead of a pass over d numbers for every entry.
 */
import type { Modality } from "../base/rows.ts";
import type { SparseCodes } from "../base/sparse-codes.ts";
import type { Backend, Floats } from "../kernels/backend.ts";
import { transpose } from "../linalg/transpose.ts";
import type { Dictionary } from "./dictionary.ts";

/** The share of active concepts from which on the product is faster. */
const denseShare = 0.05;

export function hasDenseRows({ rows, concepts, rowStart }: SparseCodes): boolean {
  return rows > 0 && rowStart[rows] > denseShare * rows * concepts;
}

export interface DenseDecoder {
  /** The rebuilt rows, rows x d; the next call overwrites none of it. */
  decode(codes: SparseCodes): Promise<Float32Array<ArrayBuffer>>;
  free(): void;
}

/** Takes memory on the backend when it is first asked, for blocks of up to `mostRows` rows. */
export function createDenseDecoder(
  { dimension: d, concepts: c, atoms, biases }: Dictionary,
  modality: Modality,
  backend: Backend,
  mostRows: number,
): DenseDecoder {
  const bias = biases[modality].decoderBias;
  let held: { readonly z: Floats; readonly columns: Floats; readonly out: Floats } | undefined;
  const dense = new Float32Array(mostRows * c);
  const scattered = (
    rowStart: Uint32Array,
    concept: Uint32Array,
    value: Float32Array,
    rows: number,
  ): Float32Array => {
    dense.fill(0, 0, rows * c);
    for (let i = 0; i < rows; i++) {
      for (let e = rowStart[i]; e < rowStart[i + 1]; e++) dense[i * c + concept[e]] = value[e];
    }
    return dense.subarray(0, rows * c);
  };
  return {
    async decode({ rows, rowStart, concept, value }) {
      if (!held) {
        held = {
          z: backend.floats(mostRows * c),
          columns: backend.floats(d * c),
          out: backend.floats(mostRows * d),
        };
        backend.write(held.columns, transpose(atoms, c, d));
      }
      const { z, columns, out } = held;
      // Codes lie by row, concepts ascending: where all are there, they are the matrix.
      backend.write(z, value.length === rows * c ? value : scattered(rowStart, concept, value, rows));
      await backend.product({ a: z, b: columns, out, m: rows, n: d, k: c });
      const rebuilt = await backend.read(out, 0, rows * d);
      for (let i = 0; i < rows; i++) for (let t = 0; t < d; t++) rebuilt[i * d + t] += bias[t];
      return rebuilt;
    },
    free() {
      if (held) backend.free(held.z, held.columns, held.out);
      held = undefined;
    },
  };
}
