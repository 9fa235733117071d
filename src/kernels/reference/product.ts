/** Dense products, each inner product summed in float64 and rounded once. */

/** out (m x n) = a (m x k) · b (n x k)ᵀ */
export function product(
  a: Float32Array,
  b: Float32Array,
  out: Float32Array,
  m: number,
  n: number,
  k: number,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let t = 0; t < k; t++) sum += a[i * k + t] * b[j * k + t];
      out[i * n + j] = sum;
    }
  }
}

/** out (m x n) = a (k x m)ᵀ · b (k x n) */
export function columnProduct(
  a: Float32Array,
  b: Float32Array,
  out: Float32Array,
  m: number,
  n: number,
  k: number,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let t = 0; t < k; t++) sum += a[t * m + i] * b[t * n + j];
      out[i * n + j] = sum;
    }
  }
}
