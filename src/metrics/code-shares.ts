/**
 * What one row's code is made of: share_i = z_i·⟨D_i, v⟩ / ‖v‖², v = Σ_i z_i D_i (the reconstruction
 * without its decoder bias). Shares of a row add up to 1; one is negative where a concept works
 * against the others. All 0 where v is 0.
 */
import type { SparseCodes } from "../base/sparse-codes.ts";

export interface ActiveConcept {
  readonly concept: number;
  /** z_i */
  readonly activation: number;
  /** Of ‖v‖². */
  readonly share: number;
}

/** The active concepts of `row`, the largest share first. `atoms` is c x d. */
export function codeShares(
  codes: SparseCodes,
  row: number,
  atoms: Float32Array,
  dimension: number,
): ActiveConcept[] {
  const [from, to] = [codes.rowStart[row], codes.rowStart[row + 1]];
  const sum = new Float64Array(dimension);
  for (let e = from; e < to; e++) {
    const at = codes.concept[e] * dimension;
    for (let q = 0; q < dimension; q++) sum[q] += codes.value[e] * atoms[at + q];
  }
  const squared = sum.reduce((total, value) => total + value * value, 0);
  const active: ActiveConcept[] = [];
  for (let e = from; e < to; e++) {
    const at = codes.concept[e] * dimension;
    let product = 0;
    for (let q = 0; q < dimension; q++) product += atoms[at + q] * sum[q];
    const share = squared > 0 ? (codes.value[e] * product) / squared : 0;
    active.push({ concept: codes.concept[e], activation: codes.value[e], share });
  }
  return active.sort((a, b) => b.share - a.share || a.concept - b.concept);
}
