/** Inner products in plain loops, for browsers that run no WebAssembly SIMD: some twenty times slower. */
import type { EachProduct } from "./product-store.ts";

/** Rows of `b` that stay in the cache while those of `a` pass by. */
const block = 64;

export const plainProducts: EachProduct = async (a, b, dimension, visit) => {
  const d = dimension;
  const [m, n] = [a.length / d, b.length / d];
  const group = 8;
  const out = new Float32Array(group * n);
  for (let first = 0; first < m; first += group) {
    const rows = Math.min(group, m - first);
    for (let start = 0; start < n; start += block) {
      const end = Math.min(n, start + block);
      for (let i = 0; i < rows; i++) {
        const left = (first + i) * d;
        for (let j = start; j < end; j++) {
          const right = j * d;
          let sum = 0;
          for (let q = 0; q < d; q++) sum += a[left + q]! * b[right + q]!;
          out[i * n + j] = sum;
        }
      }
    }
    for (let i = 0; i < rows; i++) visit(first + i, out.subarray(i * n, (i + 1) * n));
  }
};
