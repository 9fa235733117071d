/**
 * Gram matrix XᵀX (d x d) by the backend's dense product: float32 within blocks of 2,048 rows,
 * float64 over the blocks. On real embeddings singular values above a hundredth of the largest keep
 * five digits or more; those below a thousandth are lost in rounding. `gram.ts` keeps float64 throughout.
 */
import type { Backend } from "../kernels/backend.ts";

const blockRows = 2048;

/** `before` is called ahead of every block; it may throw to stop. */
export async function gramProduct(
  backend: Backend,
  x: Float32Array,
  rows: number,
  dimension: number,
  before: () => void = () => {},
): Promise<Float64Array> {
  const d = dimension;
  const most = Math.min(blockRows, rows);
  const block = backend.floats(most * d);
  const out = backend.floats(d * d);
  const sum = new Float64Array(d * d);
  try {
    for (let start = 0; start < rows; start += most) {
      before();
      const count = Math.min(most, rows - start);
      backend.write(block, x.subarray(start * d, (start + count) * d));
      await backend.columnProduct({ a: block, b: block, out, m: d, n: d, k: count });
      const products = await backend.read(out);
      for (let e = 0; e < sum.length; e++) sum[e] += products[e];
    }
  } finally {
    backend.free(block, out);
  }
  return sum;
}
