/** A table in a file: CSV (or TSV), JSON lines or Parquet, told apart by the file's ending. */
import { extname } from "node:path";
import { badInput } from "../../../base/errors.ts";
import { readBytes } from "../../../formats/byte-source.ts";
import { readCsv } from "../../../formats/csv.ts";
import { readJsonLines } from "../../../formats/jsonl.ts";
import { floatListColumns } from "../../../formats/parquet-pages.ts";
import { parquetColumns, readParquet, readParquetMetadata } from "../../../formats/parquet.ts";
import type { Table } from "../../../formats/table.ts";
import { openFile, type FileSource } from "./file-source.ts";

export interface TableFile {
  readonly table: Table;
  /** Size of the file. */
  readonly bytes: number;
  /** False when every cell is text, whatever it stands for. */
  readonly typed: boolean;
}

export async function readTableFile(path: string): Promise<TableFile> {
  const ending = extname(path).toLowerCase();
  const known = [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".pq"];
  if (!known.includes(ending)) {
    throw badInput(`${path} is no table that can be read; expected a file ending in ${known.join(", ")}.`);
  }
  const file = await openFile(path);
  try {
    const bytes = file.byteLength;
    if (ending === ".parquet" || ending === ".pq") {
      return { table: await readWithoutMatrices(file), bytes, typed: true };
    }
    const content = await readBytes(file, 0, bytes);
    const typed = ending !== ".csv" && ending !== ".tsv";
    return { table: typed ? readJsonLines(path, content) : readCsv(path, content), bytes, typed };
  } finally {
    await file.close();
  }
}

/** Columns that pandas adds for an index that is no plain count. */
const pandasIndex = /^__index_level_\d+__$/;

/** The embeddings often lie in the same file as the items; they are no part of the table. */
async function readWithoutMatrices(file: FileSource): Promise<Table> {
  const metadata = await readParquetMetadata(file);
  const matrices = floatListColumns(metadata);
  const columns = parquetColumns(metadata).filter(
    (column) => !matrices.includes(column) && !pandasIndex.test(column),
  );
  const table = await readParquet(file, { metadata, columns });
  const leftOut = matrices.map((column) => ({ column, reason: "embeddings" }));
  return { ...table, leftOut: [...table.leftOut, ...leftOut] };
}
