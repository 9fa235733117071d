/**
 * Wasserstein-1 distance between two sets of samples (n x d each), per dimension, averaged over
 * dimensions: mean |sorted x − sorted y| (overcomplete's `wasserstein_1d`). In units of the values.
 */
import { badInput } from "../base/errors.ts";

export function wasserstein1d(x: Float32Array, y: Float32Array, dimension: number): number {
  if (x.length !== y.length)
    throw badInput(`wasserstein: found ${x.length} and ${y.length} numbers, expected sets of one size`);
  const rows = x.length / dimension;
  const column = (values: Float32Array, j: number): Float32Array =>
    Float32Array.from({ length: rows }, (_, i) => values[i * dimension + j]).sort();
  let sum = 0;
  for (let j = 0; j < dimension; j++) {
    const a = column(x, j);
    const b = column(y, j);
    for (let i = 0; i < rows; i++) sum += Math.abs(a[i] - b[i]);
  }
  return sum / x.length;
}
