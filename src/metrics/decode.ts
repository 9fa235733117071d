/** Row `row` of x̂ = Z D (+ bias), written to `out` from 0: d numbers in float64. */
import type { SparseCodes } from "../base/sparse-codes.ts";

export function decodeRow(
  codes: SparseCodes,
  row: number,
  atoms: Float32Array,
  dimension: number,
  bias: Float32Array | undefined,
  out: Float64Array,
): void {
  if (bias === undefined) out.fill(0, 0, dimension);
  else for (let j = 0; j < dimension; j++) out[j] = bias[j];
  const end = codes.rowStart[row + 1];
  for (let e = codes.rowStart[row]; e < end; e++) {
    const value = codes.value[e];
    const at = codes.concept[e] * dimension;
    for (let j = 0; j < dimension; j++) out[j] += value * atoms[at + j];
  }
}
