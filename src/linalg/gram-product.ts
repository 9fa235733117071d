/**
 * Gram matrix XᵀX (d x d) by the backend's dense product: float32 within blocks of 2,048 rows,
 * float64 over the blocks. On real embeddings singular values above a hundredth of the largest keep
 * five digits or more; those below a thousandth are lost in rounding. `gram.ts` keeps float64 throughout.
 */
import type { Backend } from "../kernels/backend.ts";
import { transposeInto } from "./transpose.ts";

const blockRows = 2048;

export async function gramProduct(
  backend: Backend,
  x: Float32Array,
  rows: number,
  dimension: number,
): Promise<Float64Array> {
  const d = dimension;
  const most = Math.min(blockRows, rows);
  const columns = new Float32Array(d * most);
  const left = backend.floats(d * most);
  const out = backend.floats(d * d);
  const sum = new Float64Array(d * d);
  try {
    for (let start = 0; start < rows; start += most) {
      const count = Math.min(most, rows - start);
      const block = columns.subarray(0, d * count);
      transposeInto(block, x, count, d, start);
      backend.write(left, block);
      await backend.product({ a: left, b: left, out, m: d, n: d, k: count });
      const products = await backend.read(out);
      addTo(sum, products);
    }
  } finally {
    backend.free(left, out);
  }
  return sum;
}

function addTo(sum: Float64Array, values: Float32Array): void {
  for (let e = 0; e < sum.length; e++) sum[e] += values[e];
}
