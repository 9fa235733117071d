/**
 * Monosemanticity in one pass (arXiv 2602.12403): the mean cosine between embeddings of pairs of
 * rows, weighed by how strongly both activate the concept. With ã = (a − min)/(max − min) and ê the
 * unit embeddings of the same rows, w = Σ ã ê, v = Σ ã², u = Σ ã:  MS = (‖w‖² − v)/(u² − v).
 * The embeddings are the set's own, the ones the dictionary was evaluated on.
 *
 * Sums are kept for a itself and shifted by the minimum at the end, so that one pass is enough and
 * shards merge.
 */
import type { SparseCodes } from "../base/sparse-codes.ts";
import type { ConceptActivity } from "./concept-activity.ts";

export interface MonosemanticitySums {
  rows: number;
  /** c x d: Σ a ê */
  readonly weighted: Float64Array;
  /** d: Σ ê */
  readonly total: Float64Array;
  /** Rows whose embedding is not zero; a zero row has no direction and is left out. */
  counted: number;
  /** c: Σ a and Σ a² over counted rows. */
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

export function monosemanticitySums(dimension: number, concepts: number): MonosemanticitySums {
  return {
    rows: 0,
    weighted: new Float64Array(concepts * dimension),
    total: new Float64Array(dimension),
    counted: 0,
    sum: new Float64Array(concepts),
    squares: new Float64Array(concepts),
  };
}

/** Adds `count` rows `x` (count x d) whose codes are rows `firstRow` … of `codes`. */
export function addMonosemanticity(
  sums: MonosemanticitySums,
  x: Float32Array,
  count: number,
  codes: SparseCodes,
  firstRow: number,
): void {
  const d = sums.total.length;
  const { weighted } = sums;
  for (let r = 0; r < count; r++) {
    const at = r * d;
    let squared = 0;
    for (let j = 0; j < d; j++) squared += x[at + j] * x[at + j];
    sums.rows++;
    if (squared === 0) continue;
    sums.counted++;
    const scale = 1 / Math.sqrt(squared);
    for (let j = 0; j < d; j++) sums.total[j] += x[at + j] * scale;
    const row = firstRow + r;
    for (let e = codes.rowStart[row]; e < codes.rowStart[row + 1]; e++) {
      const a = codes.value[e];
      const concept = codes.concept[e];
      sums.sum[concept] += a;
      sums.squares[concept] += a * a;
      const factor = a * scale;
      const to = concept * d;
      for (let j = 0; j < d; j++) weighted[to + j] += factor * x[at + j];
    }
  }
}

/** Sums over both sets; the one given first is changed and returned. */
export function absorbMonosemanticity(a: MonosemanticitySums, b: MonosemanticitySums): MonosemanticitySums {
  for (let e = 0; e < a.weighted.length; e++) a.weighted[e] += b.weighted[e];
  for (let j = 0; j < a.total.length; j++) a.total[j] += b.total[j];
  for (let i = 0; i < a.sum.length; i++) {
    a.sum[i] += b.sum[i];
    a.squares[i] += b.squares[i];
  }
  a.rows += b.rows;
  a.counted += b.counted;
  return a;
}

/** c values in [−1, 1]; NaN for a concept active on fewer than two rows, or always alike. */
export function monosemanticity(sums: MonosemanticitySums, activity: ConceptActivity): Float64Array {
  const d = sums.total.length;
  const n = sums.counted;
  return Float64Array.from(sums.sum, (sum, i) => {
    const low = activity.minimum[i];
    const range = activity.maximum[i] - low;
    if (!(range > 0)) return NaN;
    const u = (sum - n * low) / range;
    const v = (sums.squares[i] - 2 * low * sum + n * low * low) / (range * range);
    let length = 0;
    for (let j = 0; j < d; j++) length += ((sums.weighted[i * d + j] - low * sums.total[j]) / range) ** 2;
    const pairs = u * u - v;
    return pairs > 1e-9 * u * u ? (length - v) / pairs : NaN;
  });
}
