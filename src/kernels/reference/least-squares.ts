/** Cyclic coordinate descent on ½ zᵀGz − qᵀz + l1·Σ|z|, row after row, in float64. */
import type { LeastSquared, LeastSquares } from "../backend.ts";
import { floatsOf } from "./tensors.ts";

/** Passes after which a row counts as exhausted. */
const MOST_SWEEPS = 20_000;

export function leastSquares(operation: LeastSquares): LeastSquared {
  const { rows, concepts: c, l1, positive, until } = operation;
  const q = floatsOf(operation.correlations);
  const gram = floatsOf(operation.gram);
  const codes = floatsOf(operation.codes);
  let violation = 0;
  let unsettled = 0;
  for (let i = 0; i < rows; i++) {
    const z = Float64Array.from(codes.subarray(i * c, (i + 1) * c));
    const gradient = Float64Array.from(q.subarray(i * c, (i + 1) * c));
    for (let j = 0; j < c; j++) if (z[j] !== 0) shift(gradient, gram, j, z[j]);
    if ("sweeps" in until) {
      for (let s = 0; s < until.sweeps; s++) violation += sweep(z, gradient, gram, l1, positive).sum;
    } else {
      let scale = 0;
      for (let j = 0; j < c; j++) scale = Math.max(scale, Math.abs(q[i * c + j]));
      if (scale === 0) z.fill(0);
      else {
        let left = Infinity;
        for (let s = 0; s < MOST_SWEEPS && left > until.tolerance; s++) {
          left = sweep(z, gradient, gram, l1, positive).largest / scale;
        }
        violation = Math.max(violation, left);
        if (left > until.tolerance) unsettled++;
      }
    }
    codes.set(z, i * c);
  }
  return { violation, unsettled };
}

/** gradient −= by·G_j */
function shift(gradient: Float64Array, gram: Float32Array, j: number, by: number): void {
  const c = gradient.length;
  for (let i = 0; i < c; i++) gradient[i] -= by * gram[j * c + i];
}

/** One pass; gives the sum and the largest of the |projected gradients| that it met. */
function sweep(
  z: Float64Array,
  gradient: Float64Array,
  gram: Float32Array,
  l1: number,
  positive: boolean,
): { sum: number; largest: number } {
  const c = z.length;
  let sum = 0;
  let largest = 0;
  for (let j = 0; j < c; j++) {
    const diagonal = gram[j * c + j];
    if (!(diagonal > 0)) continue;
    const g = gradient[j];
    const projected =
      z[j] === 0 ? Math.max(0, (positive ? g : Math.abs(g)) - l1) : Math.abs(g - Math.sign(z[j]) * l1);
    sum += projected;
    largest = Math.max(largest, projected);
    const u = z[j] * diagonal + g;
    const shrunk = Math.max(0, (positive ? u : Math.abs(u)) - l1) / diagonal;
    const next = positive || u > 0 ? shrunk : -shrunk;
    if (next === z[j]) continue;
    shift(gradient, gram, j, next - z[j]);
    z[j] = next;
  }
  return { sum, largest };
}
