/** Sparse codes from a dense matrix (n x c), and random ones, for the tests of the metrics. */
import { Random } from "../../base/random.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";

export function sparse(dense: ArrayLike<number>, concepts: number): SparseCodes {
  const rows = dense.length / concepts;
  const rowStart = new Uint32Array(rows + 1);
  const concept: number[] = [];
  const value: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < concepts; j++) {
      const z = dense[i * concepts + j];
      if (z === 0) continue;
      concept.push(j);
      value.push(z);
    }
    rowStart[i + 1] = concept.length;
  }
  return { rows, concepts, rowStart, concept: Uint32Array.from(concept), value: Float32Array.from(value) };
}

/** Each entry is active with probability `share`, with a value in (0.1, 1.1). */
export function randomCodes(random: Random, rows: number, concepts: number, share: number): SparseCodes {
  const dense = Array.from({ length: rows * concepts }, () =>
    random.uniform() < share ? 0.1 + random.uniform() : 0,
  );
  return sparse(dense, concepts);
}

export function unitRows(random: Random, rows: number, dimension: number): Float32Array {
  const out = Float32Array.from({ length: rows * dimension }, () => random.normal());
  for (let i = 0; i < rows; i++) {
    const row = out.subarray(i * dimension, (i + 1) * dimension);
    const norm = Math.hypot(...row);
    for (let j = 0; j < dimension; j++) row[j] /= norm;
  }
  return out;
}
