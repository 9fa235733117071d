/**
 * Reconstruction and sparsity over a set of rows, as sums that merge over shards.
 *   r2 = 1 − Σ‖x−x̂‖² / Σ‖x−μ‖², μ the mean of each dimension over the whole set
 *   r2ScalarMean = 1 − mean((x−x̂)²) / (mean((x−x̄)²) + 1e-6), x̄ one mean over all entries
 *     (overcomplete's `r2_score`, the number reported by arXiv 2504.11695)
 *   fvu = 1 − r2;  null, as r2 is, where the rows do not vary (one row, equal rows);
 *     r2ScalarMean is null where all entries are equal
 *   cosine = mean cos(x, x̂), 0 where one of them is zero
 *   activePerSample = mean count of |z| ≥ 1e-6;  deadFraction = share of concepts never active
 */
import type { SparseCodes } from "../base/sparse-codes.ts";
import { hasVariance } from "../base/variance.ts";
import { activeFrom } from "./active.ts";
import { decodeRow } from "./decode.ts";

export interface ReconstructionSums {
  rows: number;
  /** Σ‖x−x̂‖² */
  squaredError: number;
  /** d: Σ x */
  readonly sum: Float64Array;
  /** Σ‖x‖² */
  squares: number;
  /** Σ cos(x, x̂) */
  cosine: number;
  /** Active entries. */
  active: number;
  /** c: 1 where a concept was active. */
  readonly everActive: Uint8Array;
}

export interface ReconstructionMetrics {
  readonly rows: number;
  readonly r2: number | null;
  readonly r2ScalarMean: number | null;
  readonly fvu: number | null;
  readonly cosine: number;
  readonly activePerSample: number;
  readonly deadFraction: number;
}

export function reconstructionSums(dimension: number, concepts: number): ReconstructionSums {
  return {
    rows: 0,
    squaredError: 0,
    sum: new Float64Array(dimension),
    squares: 0,
    cosine: 0,
    active: 0,
    everActive: new Uint8Array(concepts),
  };
}

/** Adds `count` rows `x` (count x d) whose codes are rows `firstRow` … of `codes`. */
export function addReconstruction(
  sums: ReconstructionSums,
  x: Float32Array,
  count: number,
  codes: SparseCodes,
  firstRow: number,
  atoms: Float32Array,
  decoderBias: Float32Array | undefined,
): void {
  const d = sums.sum.length;
  const rebuilt = new Float64Array(d);
  for (let r = 0; r < count; r++) {
    decodeRow(codes, firstRow + r, atoms, d, decoderBias, rebuilt);
    addRebuilt(sums, x.subarray(r * d, (r + 1) * d), rebuilt, codes, firstRow + r);
  }
}

/** Adds one row x (d) whose codes are row `row` of `codes` and have been decoded to `rebuilt` (d). */
export function addRebuilt(
  sums: ReconstructionSums,
  x: Float32Array,
  rebuilt: Float32Array | Float64Array,
  codes: SparseCodes,
  row: number,
): void {
  const { sum, everActive } = sums;
  let error = 0;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let j = 0; j < sum.length; j++) {
    const a = x[j];
    const b = rebuilt[j];
    error += (a - b) * (a - b);
    xx += a * a;
    yy += b * b;
    xy += a * b;
    sum[j] += a;
  }
  sums.rows++;
  sums.squaredError += error;
  sums.squares += xx;
  if (xx > 0 && yy > 0) sums.cosine += xy / Math.sqrt(xx * yy);
  let active = 0;
  for (let e = codes.rowStart[row]; e < codes.rowStart[row + 1]; e++) {
    if (Math.abs(codes.value[e]) < activeFrom) continue;
    active++;
    everActive[codes.concept[e]] = 1;
  }
  sums.active += active;
}

export function mergeReconstruction(a: ReconstructionSums, b: ReconstructionSums): ReconstructionSums {
  return {
    rows: a.rows + b.rows,
    squaredError: a.squaredError + b.squaredError,
    sum: a.sum.map((value, j) => value + b.sum[j]),
    squares: a.squares + b.squares,
    cosine: a.cosine + b.cosine,
    active: a.active + b.active,
    everActive: a.everActive.map((value, j) => value | b.everActive[j]),
  };
}

/** For no rows null where that is undefined, else NaN. */
export function reconstructionMetrics(sums: ReconstructionSums): ReconstructionMetrics {
  const { rows, squaredError, sum, squares } = sums;
  const entries = rows * sum.length;
  let ofMean = 0;
  let total = 0;
  for (let j = 0; j < sum.length; j++) {
    ofMean += sum[j] * sum[j];
    total += sum[j];
  }
  const spread = squares - ofMean / rows;
  const fvu = hasVariance(spread, squares) ? squaredError / spread : null;
  const scalarSpread = squares - total ** 2 / entries;
  let alive = 0;
  for (let i = 0; i < sums.everActive.length; i++) alive += sums.everActive[i];
  return {
    rows,
    r2: fvu === null ? null : 1 - fvu,
    r2ScalarMean: hasVariance(scalarSpread, squares)
      ? 1 - squaredError / entries / (scalarSpread / entries + 1e-6)
      : null,
    fvu,
    cosine: sums.cosine / rows,
    activePerSample: sums.active / rows,
    deadFraction: rows === 0 ? NaN : 1 - alive / sums.everActive.length,
  };
}
