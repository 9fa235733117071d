/** What each concept did over a set of rows, as sums that merge; energies and frequencies derive from it. */
import type { SparseCodes } from "../base/sparse-codes.ts";
import { activeFrom } from "./active.ts";

export interface ConceptActivity {
  readonly rows: number;
  /** c: Σ|z|, which is Σz where codes are non-negative */
  readonly sum: Float64Array;
  /** c: Σz, signs kept */
  readonly signedSum: Float64Array;
  /** c: Σ z² */
  readonly squares: Float64Array;
  /** c: rows with |z| ≥ 1e-6 */
  readonly active: Uint32Array;
  /** c: largest z, 0 when never above */
  readonly maximum: Float32Array;
  /** c: smallest stored z; 0 as soon as one row lacks the concept. */
  readonly minimum: Float32Array;
}

export function conceptActivity(codes: SparseCodes): ConceptActivity {
  const c = codes.concepts;
  const sum = new Float64Array(c);
  const signedSum = new Float64Array(c);
  const squares = new Float64Array(c);
  const active = new Uint32Array(c);
  const stored = new Uint32Array(c);
  const maximum = new Float32Array(c);
  const minimum = new Float32Array(c).fill(Infinity);
  const count = codes.rowStart[codes.rows];
  for (let e = 0; e < count; e++) {
    const z = codes.value[e];
    const j = codes.concept[e];
    sum[j] += Math.abs(z);
    signedSum[j] += z;
    squares[j] += z * z;
    stored[j]++;
    if (Math.abs(z) >= activeFrom) active[j]++;
    if (z > maximum[j]) maximum[j] = z;
    if (z < minimum[j]) minimum[j] = z;
  }
  for (let j = 0; j < c; j++) if (stored[j] < codes.rows) minimum[j] = Math.min(0, minimum[j]);
  return { rows: codes.rows, sum, signedSum, squares, active, maximum, minimum };
}

export function mergeActivity(a: ConceptActivity, b: ConceptActivity): ConceptActivity {
  return {
    rows: a.rows + b.rows,
    sum: a.sum.map((value, j) => value + b.sum[j]),
    signedSum: a.signedSum.map((value, j) => value + b.signedSum[j]),
    squares: a.squares.map((value, j) => value + b.squares[j]),
    active: a.active.map((value, j) => value + b.active[j]),
    maximum: a.maximum.map((value, j) => Math.max(value, b.maximum[j])),
    minimum:
      a.rows === 0
        ? b.minimum
        : b.rows === 0
          ? a.minimum
          : a.minimum.map((value, j) => Math.min(value, b.minimum[j])),
  };
}
