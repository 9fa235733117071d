/**
 * Sums of products of activations over rows that belong together, Aᵀ S for sparse A (units x c) and
 * S (units x c), without a dense c x c matrix: row by row after Gustavson (ACM TOMS 4, 1978), with
 * one accumulator of length c.
 */
import type { SparseCodes, SparseColumns } from "../base/sparse-codes.ts";

/** Called once per row of the product that has entries. `columns[0 … count)` ascending; `sums` and `hits` are indexed by column. */
export type CoactivationVisitor = (
  concept: number,
  columns: Uint32Array,
  count: number,
  sums: Float64Array,
  hits: Uint32Array,
) => void;

/**
 * Visits rows of leftᵀ·right one at a time. `unitOf` renames the rows of `left` into rows of `right`
 * (a shuffle); left out: the same rows.
 */
export function coactivationRows(
  left: SparseColumns,
  right: SparseCodes,
  unitOf?: Uint32Array,
): (concept: number, visit: CoactivationVisitor) => void {
  const sums = new Float64Array(right.concepts);
  const hits = new Uint32Array(right.concepts);
  const touched = new Uint32Array(right.concepts);
  return (i, visit) => {
    let count = 0;
    for (let e = left.conceptStart[i]; e < left.conceptStart[i + 1]; e++) {
      const unit = unitOf === undefined ? left.row[e] : unitOf[left.row[e]];
      const a = left.value[e];
      for (let f = right.rowStart[unit]; f < right.rowStart[unit + 1]; f++) {
        const j = right.concept[f];
        if (hits[j]++ === 0) touched[count++] = j;
        sums[j] += a * right.value[f];
      }
    }
    if (count === 0) return;
    touched.subarray(0, count).sort();
    visit(i, touched, count, sums, hits);
    for (let t = 0; t < count; t++) {
      sums[touched[t]] = 0;
      hits[touched[t]] = 0;
    }
  };
}

/** All rows of leftᵀ·right that have entries, in order. */
export function eachCoactivation(
  left: SparseColumns,
  right: SparseCodes,
  visit: CoactivationVisitor,
  unitOf?: Uint32Array,
): void {
  const row = coactivationRows(left, right, unitOf);
  for (let i = 0; i < left.concepts; i++) row(i, visit);
}

/** Rows `rows` of `codes`, in that order, entries of 0 left out. */
export function gatherCodes(codes: SparseCodes, rows: Uint32Array): SparseCodes {
  let total = 0;
  for (const row of rows) total += codes.rowStart[row + 1] - codes.rowStart[row];
  const rowStart = new Uint32Array(rows.length + 1);
  const concept = new Uint32Array(total);
  const value = new Float32Array(total);
  let at = 0;
  rows.forEach((row, r) => {
    for (let e = codes.rowStart[row]; e < codes.rowStart[row + 1]; e++) {
      if (codes.value[e] === 0) continue;
      concept[at] = codes.concept[e];
      value[at++] = codes.value[e];
    }
    rowStart[r + 1] = at;
  });
  return {
    rows: rows.length,
    concepts: codes.concepts,
    rowStart,
    concept: concept.subarray(0, at),
    value: value.subarray(0, at),
  };
}
