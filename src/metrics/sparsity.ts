/**
 * Sparsity of vectors. For x with m entries:
 *   hoyer = (√m − ‖x‖₁/‖x‖₂)/(√m − 1), 1 = one entry, 0 = all alike (JMLR 5, 2004)
 *   kappa4 = Σx⁴/(Σx²)², 1 = one entry, 1/m = all alike (Hurley & Rickard, arXiv 0811.4706)
 */
import type { SparseCodes } from "../base/sparse-codes.ts";

/** Of one vector, given by its non-zero entries and its full length. NaN for a zero vector. */
export function hoyer(entries: ArrayLike<number>, length: number = entries.length): number {
  let ones = 0;
  let squares = 0;
  for (let e = 0; e < entries.length; e++) {
    ones += Math.abs(entries[e]);
    squares += entries[e] ** 2;
  }
  const root = Math.sqrt(length);
  return (root - ones / Math.sqrt(squares)) / (root - 1);
}

export function kappa4(entries: ArrayLike<number>): number {
  let squares = 0;
  let fourth = 0;
  for (let e = 0; e < entries.length; e++) {
    const squared = entries[e] ** 2;
    squares += squared;
    fourth += squared * squared;
  }
  return fourth / (squares * squares);
}

export interface MeanSparsity {
  readonly hoyer: number;
  readonly kappa4: number;
}

/** Means over the rows that have any active concept. */
export function codeSparsity(codes: SparseCodes): MeanSparsity {
  return meanSparsity(
    codes.rows,
    (row) => codes.value.subarray(codes.rowStart[row], codes.rowStart[row + 1]),
    codes.concepts,
  );
}

/** Means over atoms. */
export function atomSparsity(atoms: Float32Array, concepts: number, dimension: number): MeanSparsity {
  return meanSparsity(concepts, (i) => atoms.subarray(i * dimension, (i + 1) * dimension), dimension);
}

function meanSparsity(rows: number, entriesOf: (row: number) => Float32Array, length: number): MeanSparsity {
  let ofHoyer = 0;
  let ofKappa = 0;
  let counted = 0;
  for (let row = 0; row < rows; row++) {
    const entries = entriesOf(row);
    const kappa = kappa4(entries);
    if (Number.isNaN(kappa)) continue;
    ofKappa += kappa;
    ofHoyer += hoyer(entries, length);
    counted++;
  }
  return { hoyer: ofHoyer / counted, kappa4: ofKappa / counted };
}
