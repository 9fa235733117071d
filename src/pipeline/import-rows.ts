/** One pass over a modality's embeddings: checks every row and writes the usable ones. */
import type { RowSource } from "../base/rows.ts";
import { ViaductError } from "../base/errors.ts";
import { createNpyWriter } from "../platform/node/files/npy-writer.ts";
import type { ModalityReport } from "../protocol/embedding-set.ts";
import { droppedRow } from "./import-pairs.ts";
import { createRowFingerprints } from "./row-fingerprints.ts";

export type DropReason = "not finite" | "all zero";

export interface CheckedRows {
  /** Rows of the input that are in the set. */
  readonly kept: Uint32Array;
  /** For each input row its number in the set, or `droppedRow`. */
  readonly renumber: Uint32Array;
  readonly dropped: readonly { readonly row: number; readonly reason: DropReason }[];
  readonly report: Pick<ModalityReport, "norms" | "nonFinite" | "zero" | "duplicates">;
}

export interface CopyRows {
  readonly rows: RowSource;
  readonly dtype: "float16" | "float32";
  /** The .npy file to write. */
  readonly out: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of rows of each block done. */
  readonly onBlock: (rows: number) => void;
}

const blockBytes = 8 << 20;
const firstShown = 5;

export async function copyRows({
  rows: source,
  dtype,
  out,
  signal,
  onBlock,
}: CopyRows): Promise<CheckedRows> {
  const { rows, columns } = source;
  const blockRows = Math.max(1, Math.floor(blockBytes / (columns * 4)));
  const block = new Float32Array(Math.min(blockRows, rows) * columns);
  const words = new Uint32Array(block.buffer);
  const fingerprints = createRowFingerprints(rows);
  const kept = new Uint32Array(rows);
  const renumber = new Uint32Array(rows).fill(droppedRow);
  const dropped: { row: number; reason: DropReason }[] = [];
  const nonFinite = { count: 0, first: [] as number[] };
  const zero = { count: 0, first: [] as number[] };
  const duplicates = { count: 0, first: [] as number[] };
  const norms = { min: Infinity, mean: 0, max: 0 };
  let keptRows = 0;
  const writer = await createNpyWriter(out, dtype, columns);
  try {
    for (let start = 0; start < rows; start += blockRows) {
      if (signal?.aborted) throw new ViaductError("cancelled", "Import stopped; nothing was written.");
      const count = Math.min(blockRows, rows - start);
      await source.readRange(start, count, block);
      let usable = 0;
      for (let i = 0; i < count; i++) {
        const row = start + i;
        const squares = sumOfSquares(block, i * columns, columns);
        if (!Number.isFinite(squares) || squares === 0) {
          const reason = squares === 0 ? "all zero" : "not finite";
          note(reason === "all zero" ? zero : nonFinite, row);
          dropped.push({ row, reason });
          continue;
        }
        const norm = Math.sqrt(squares);
        norms.min = Math.min(norms.min, norm);
        norms.max = Math.max(norms.max, norm);
        norms.mean += norm;
        if (fingerprints.add(words, i * columns, columns, row) >= 0) note(duplicates, row);
        if (usable !== i) block.copyWithin(usable * columns, i * columns, (i + 1) * columns);
        usable++;
        renumber[row] = keptRows;
        kept[keptRows++] = row;
      }
      await writer.append(block, usable);
      onBlock(count);
    }
    await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
  norms.mean /= keptRows;
  return {
    kept: kept.subarray(0, keptRows),
    renumber,
    dropped,
    report: { norms: keptRows === 0 ? null : norms, nonFinite, zero, duplicates },
  };
}

function note(list: { count: number; first: number[] }, row: number): void {
  if (list.count++ < firstShown) list.first.push(row);
}

/** NaN or Infinity when any number is: squares of float32 do not overflow float64. */
function sumOfSquares(values: Float32Array, start: number, length: number): number {
  let sum = 0;
  for (let i = start, end = start + length; i < end; i++) sum += values[i]! * values[i]!;
  return sum;
}
