/** Cholesky factor L (n x n, row-major, lower) of a symmetric positive definite matrix, and A⁻¹b by it. */
import { badInput } from "../base/errors.ts";

/** Overwrites the lower triangle of `a` with L, A = L Lᵀ. */
export function choleskyInPlace(a: Float64Array, n: number): Float64Array {
  for (let j = 0; j < n; j++) {
    const rowJ = j * n;
    for (let i = j; i < n; i++) {
      const rowI = i * n;
      let sum = a[rowI + j];
      for (let k = 0; k < j; k++) sum -= a[rowI + k] * a[rowJ + k];
      if (i > j) {
        a[rowI + j] = sum / a[rowJ + j];
      } else {
        if (!(sum > 0))
          throw badInput(`Cholesky factor: pivot ${j} is ${sum}, expected a positive definite matrix`);
        a[rowJ + j] = Math.sqrt(sum);
      }
    }
  }
  return a;
}

/** Solves L Lᵀ x = b in place. */
export function choleskySolve(factor: Float64Array, n: number, b: Float64Array): Float64Array {
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * b[k];
    b[i] = sum / factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const value = b[i] / factor[i * n + i];
    b[i] = value;
    for (let k = 0; k < i; k++) b[k] -= factor[i * n + k] * value;
  }
  return b;
}
