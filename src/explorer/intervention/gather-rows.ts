/** Many rows of a stored matrix at once: everything between the first and the last where that is short, else by runs. */
import { rowsOf, type StoredMatrix } from "../../formats/matrix.ts";

/** Bytes that are read in one go rather than row by row. */
const shortSpan = 64 << 20;
const atOnce = 6;

/** n x d float32 in the order of `rows`. */
export async function gatherRows(
  matrix: StoredMatrix,
  rows: Uint32Array,
  mostBytes = shortSpan,
): Promise<Float32Array<ArrayBuffer>> {
  const d = matrix.columns;
  const out = new Float32Array(rows.length * d);
  if (rows.length === 0) return out;
  const source = rowsOf(matrix);
  const [first, last] = [min(rows), max(rows)];
  const span = last - first + 1;
  if (span * d * 4 <= mostBytes) {
    const block = new Float32Array(span * d);
    await source.readRange(first, span, block);
    rows.forEach((row, i) => out.set(block.subarray((row - first) * d, (row - first + 1) * d), i * d));
    return out;
  }
  const part = Math.ceil(rows.length / atOnce);
  await Promise.all(
    Array.from({ length: atOnce }, (_, k) =>
      source.gather(rows.subarray(k * part, (k + 1) * part), out, k * part * d),
    ),
  );
  return out;
}

function min(rows: Uint32Array): number {
  return rows.reduce((least, row) => Math.min(least, row), Infinity);
}

function max(rows: Uint32Array): number {
  return rows.reduce((greatest, row) => Math.max(greatest, row), 0);
}
