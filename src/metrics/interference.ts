/**
 * Geometry that joins atoms and codes, without a dense c x c matrix:
 *   coherence = max_{i≠j} |⟨D_i, D_j⟩| (unit atoms)
 *   connectivity = 1 − ‖ZᵀZ‖₀ / c²
 *   negativeInterference = ‖relu(−(ZᵀZ) ⊙ (DDᵀ))‖ (Frobenius), which grows with the rows;
 *   negativeInterferencePerSample = the same for ZᵀZ/n
 */
import { byConcept, type SparseCodes } from "../base/sparse-codes.ts";
import type { Backend } from "../kernels/backend.ts";
import { eachCosineRow } from "./atom-cosines.ts";
import { coactivationRows } from "./coactivation.ts";

export interface Interference {
  readonly coherence: number;
  readonly connectivity: number;
  readonly negativeInterference: number;
  readonly negativeInterferencePerSample: number;
}

export async function interference(
  backend: Backend,
  codes: SparseCodes,
  atoms: Float32Array,
  dimension: number,
): Promise<Interference> {
  const c = codes.concepts;
  const togetherWith = coactivationRows(byConcept(codes), codes);
  let coherence = 0;
  let nonzero = 0;
  let squared = 0;
  await eachCosineRow(backend, atoms, atoms, dimension, (i, cosines) => {
    for (let j = 0; j < c; j++) {
      const size = Math.abs(cosines[j]);
      if (size > coherence && j !== i) coherence = size;
    }
    togetherWith(i, (_, touched, count, sums) => {
      for (let t = 0; t < count; t++) {
        const j = touched[t];
        if (sums[j] === 0) continue;
        nonzero++;
        const conflict = -sums[j] * cosines[j];
        if (conflict > 0) squared += conflict * conflict;
      }
    });
  });
  const negativeInterference = Math.sqrt(squared);
  return {
    coherence,
    connectivity: 1 - nonzero / (c * c),
    negativeInterference,
    negativeInterferencePerSample: negativeInterference / codes.rows,
  };
}
