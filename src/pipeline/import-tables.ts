/** Writes the tables of an embedding set. */
import { join } from "node:path";
import type { Modality, PairTable } from "../base/rows.ts";
import { writeCsv } from "../formats/csv.ts";
import { parquetColumn, writeParquet } from "../formats/parquet.ts";
import { writeFileAtomic } from "../platform/node/files/write-file.ts";
import { setLayout } from "../protocol/study-layout.ts";
import type { Items } from "./import-items.ts";
import type { CheckedRows } from "./import-rows.ts";

/** What a reader fetches to show a handful of items: some tens of kilobytes. */
const itemGroup = 1024;

export async function writeItems(path: string, items: Items): Promise<void> {
  const text = (name: string, data: readonly (string | null)[]) => ({ name, type: "STRING" as const, data });
  const bytes = writeParquet(
    [
      {
        name: "row",
        type: "INT32",
        data: Int32Array.from({ length: items.rows }, (_, row) => row),
        nullable: false,
      },
      text("file", items.file),
      text("caption", items.caption),
      text("source", items.source),
      ...[...items.further].map(([name, cells]) => parquetColumn(name, cells)),
    ],
    { rowGroupSize: itemGroup },
  );
  await writeFileAtomic(path, bytes);
}

export async function writePairs(path: string, pairs: PairTable): Promise<void> {
  const bytes = writeParquet(
    [
      { name: "image_row", type: "INT32", data: Int32Array.from(pairs.image), nullable: false },
      { name: "text_row", type: "INT32", data: Int32Array.from(pairs.text), nullable: false },
    ],
    { rowGroupSize: 1 << 16 },
  );
  await writeFileAtomic(path, bytes);
}

/** A picture or caption that never became a row. */
export interface DroppedInput {
  readonly modality: Modality;
  /** Its number in the input, from 0; null where it was never found. */
  readonly row: number | null;
  readonly reason: string;
  /** The picture's name. */
  readonly file: string;
}

/**
 * What of the input was left out and why; nothing is written when there is nothing. Sets made from
 * pictures have a column of their names as well.
 */
export async function writeDropped(
  folder: string,
  image: CheckedRows,
  text: CheckedRows,
  inputs?: readonly DroppedInput[],
): Promise<boolean> {
  const rows: (string | number | null)[][] = [
    ...image.dropped.map(({ row, reason }) => ["image", row, reason]),
    ...text.dropped.map(({ row, reason }) => ["text", row, reason]),
    ...(inputs ?? []).map(({ modality, row, reason, file }) => [modality, row, reason, file]),
  ];
  if (rows.length === 0) return false;
  const header = ["modality", "row", "reason", ...(inputs ? ["file"] : [])];
  await writeFileAtomic(join(folder, setLayout.dropped), writeCsv(header, rows));
  return true;
}
