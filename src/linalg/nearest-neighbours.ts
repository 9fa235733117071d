/**
 * Exact nearest neighbours of a set within itself by inner product (cosine for unit rows), through
 * the backend's sparse encoding: the k largest signed products of every row, itself left out.
 */
import { badUsage } from "../base/errors.ts";
import type { Backend } from "../kernels/backend.ts";

export interface Neighbours {
  /** Neighbours of each row: min(k, rows − 1). */
  readonly k: number;
  /** rows x k, by product descending, then index. */
  readonly index: Uint32Array;
  readonly product: Float32Array;
}

const blockRows = 512;

/** `vectors` is rows x dimension. */
export async function nearestNeighbours(
  backend: Backend,
  vectors: Float32Array,
  rows: number,
  dimension: number,
  neighbours: number,
): Promise<Neighbours> {
  if (!(neighbours >= 1)) throw badUsage(`neighbours: found ${neighbours}, expected at least 1`);
  const k = Math.max(0, Math.min(neighbours, rows - 1));
  const index = new Uint32Array(rows * k);
  const product = new Float32Array(rows * k);
  if (k === 0) return { k, index, product };
  const block = Math.min(blockRows, rows);
  const all = backend.floats(rows * dimension);
  const x = backend.floats(block * dimension);
  const codes = backend.codes(block, rows, block * k);
  try {
    backend.write(all, vectors.subarray(0, rows * dimension));
    for (let start = 0; start < rows; start += block) {
      const count = Math.min(block, rows - start);
      backend.write(x, vectors.subarray(start * dimension, (start + count) * dimension));
      await backend.encode({
        x,
        rows: count,
        dimension,
        encoder: all,
        concepts: rows,
        selection: { kind: "topk", k, signed: true, skipSelf: { firstRow: start } },
        codes,
      });
      const found = await backend.readCodes(codes, count);
      for (let r = 0; r < count; r++) {
        const from = found.rowStart[r];
        const order = Array.from({ length: found.rowStart[r + 1] - from }, (_, e) => from + e).sort(
          (a, b) => found.value[b] - found.value[a] || found.concept[a] - found.concept[b],
        );
        order.forEach((e, rank) => {
          index[(start + r) * k + rank] = found.concept[e];
          product[(start + r) * k + rank] = found.value[e];
        });
      }
    }
  } finally {
    backend.free(all, x, codes);
  }
  return { k, index, product };
}
