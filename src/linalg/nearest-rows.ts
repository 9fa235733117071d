/** The rows nearest to a vector by cosine, exactly, in one pass over the rows. */
import type { RowSource } from "../base/rows.ts";

export interface NearRow {
  readonly row: number;
  /** Cosine with the vector; 0 for a row of zeros. */
  readonly cosine: number;
}

const blockRows = 2048;

/** The `count` nearest, nearest first; ties go to the lower row. */
export async function nearestRows(
  vector: Float32Array,
  rows: RowSource,
  count: number,
  signal?: AbortSignal,
): Promise<NearRow[]> {
  const d = vector.length;
  const norm = Math.hypot(...vector);
  const block = new Float32Array(Math.min(blockRows, rows.rows) * d);
  const best: NearRow[] = [];
  for (let start = 0; start < rows.rows; start += blockRows) {
    signal?.throwIfAborted();
    const held = Math.min(blockRows, rows.rows - start);
    await rows.readRange(start, held, block);
    for (let r = 0; r < held; r++) {
      let product = 0;
      let squared = 0;
      for (let q = r * d, p = 0; p < d; q++, p++) {
        const value = block[q];
        product += value * vector[p];
        squared += value * value;
      }
      const length = Math.sqrt(squared) * norm;
      insert(best, { row: start + r, cosine: length > 0 ? product / length : 0 }, count);
    }
  }
  return best;
}

function insert(best: NearRow[], found: NearRow, count: number): void {
  if (best.length === count && !(found.cosine > (best.at(-1)?.cosine ?? Infinity))) return;
  let at = best.length;
  while (at > 0 && best[at - 1].cosine < found.cosine) at--;
  best.splice(at, 0, found);
  if (best.length > count) best.pop();
}
