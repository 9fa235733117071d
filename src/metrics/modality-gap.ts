/**
 * Modality gap ‖μ_image − μ_text‖ and what is left of it when only bimodal concepts are kept
 * (modality score in [0.05, 0.95]; arXiv 2602.06218), beside what that costs in retrieval.
 */
import type { SparseCodes } from "../base/sparse-codes.ts";

export const bimodalRange = [0.05, 0.95] as const;

/** ‖a − b‖ */
export function gapBetween(imageMean: ArrayLike<number>, textMean: ArrayLike<number>): number {
  let squared = 0;
  for (let j = 0; j < imageMean.length; j++) squared += (imageMean[j] - textMean[j]) ** 2;
  return Math.sqrt(squared);
}

/** c: 1 for concepts with a score within `bimodalRange`. */
export function bimodalConcepts(scores: Float64Array): Uint8Array {
  return Uint8Array.from(scores, (score) => (score >= bimodalRange[0] && score <= bimodalRange[1] ? 1 : 0));
}

/** Codes of the marked concepts only. */
export function keepConcepts(codes: SparseCodes, keep: Uint8Array): SparseCodes {
  const count = codes.rowStart[codes.rows];
  const rowStart = new Uint32Array(codes.rows + 1);
  const concept = new Uint32Array(count);
  const value = new Float32Array(count);
  let size = 0;
  for (let row = 0; row < codes.rows; row++) {
    for (let e = codes.rowStart[row]; e < codes.rowStart[row + 1]; e++) {
      if (keep[codes.concept[e]] === 0) continue;
      concept[size] = codes.concept[e];
      value[size++] = codes.value[e];
    }
    rowStart[row + 1] = size;
  }
  return {
    rows: codes.rows,
    concepts: codes.concepts,
    rowStart,
    concept: concept.slice(0, size),
    value: value.slice(0, size),
  };
}

/** Mean reconstruction E[z] D + bias, from the sums of codes alone. */
export function meanReconstruction(
  meanCodes: Float64Array,
  atoms: Float32Array,
  dimension: number,
  bias: Float32Array,
): Float64Array {
  const out = Float64Array.from(bias);
  for (let i = 0; i < meanCodes.length; i++) {
    if (meanCodes[i] === 0) continue;
    for (let j = 0; j < dimension; j++) out[j] += meanCodes[i] * atoms[i * dimension + j];
  }
  return out;
}
