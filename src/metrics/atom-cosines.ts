/** Inner products between atoms, a block of rows at a time, so that c x c never lies in memory. */
import type { Backend } from "../kernels/backend.ts";

const blockRows = 256;

/** Calls `visit(i, products)` for every row of `a`, in order; `products` holds ⟨a_i, b_j⟩ for all rows of `b`. */
export async function eachCosineRow(
  backend: Backend,
  a: Float32Array,
  b: Float32Array,
  dimension: number,
  visit: (i: number, products: Float32Array) => void,
): Promise<void> {
  const rows = a.length / dimension;
  const columns = b.length / dimension;
  if (rows === 0 || columns === 0) return;
  const block = Math.min(blockRows, rows);
  const left = backend.floats(block * dimension);
  const right = backend.floats(columns * dimension);
  const out = backend.floats(block * columns);
  try {
    backend.write(right, b);
    for (let start = 0; start < rows; start += block) {
      const count = Math.min(block, rows - start);
      backend.write(left, a.subarray(start * dimension, (start + count) * dimension));
      await backend.product({ a: left, b: right, out, m: count, n: columns, k: dimension });
      const products = await backend.read(out, 0, count * columns);
      for (let i = 0; i < count; i++) visit(start + i, products.subarray(i * columns, (i + 1) * columns));
    }
  } finally {
    backend.free(left, right, out);
  }
}

/** The listed rows of `atoms`. */
export function gatherAtoms(atoms: Float32Array, concepts: Uint32Array, dimension: number): Float32Array {
  const out = new Float32Array(concepts.length * dimension);
  concepts.forEach((concept, i) => {
    out.set(atoms.subarray(concept * dimension, (concept + 1) * dimension), i * dimension);
  });
  return out;
}
