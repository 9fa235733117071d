/**
 * Parquet tables, read and written with hyparquet; every codec that PyArrow and pandas write.
 * Matrices in list columns are read by parquet-matrix.ts.
 */
import type { AsyncBuffer, FileMetaData } from "hyparquet";
import type { ByteSource } from "./byte-source.ts";
import type { Cell, Table } from "./table.ts";
import { badInput } from "../base/errors.ts";
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { parquetWriteBuffer } from "hyparquet-writer";
import { readBytes } from "./byte-source.ts";
import { toCell } from "./table.ts";

/** hyparquet's view of a byte source. */
export function asyncBuffer(source: ByteSource): AsyncBuffer {
  return {
    byteLength: source.byteLength,
    async slice(start, end = source.byteLength) {
      const from = start < 0 ? Math.max(0, source.byteLength + start) : start;
      return (await readBytes(source, from, Math.min(end, source.byteLength) - from)).buffer;
    },
  };
}

/** The footer: schema, row groups, number of rows. */
export async function readParquetMetadata(source: ByteSource): Promise<FileMetaData> {
  const { name, byteLength } = source;
  if (byteLength < 12) throw notParquet(name, `it has ${byteLength} bytes`);
  const head = await readBytes(source, 0, 4);
  const tail = await readBytes(source, byteLength - 4, 4);
  if (!isMagic(head)) throw notParquet(name, 'it does not start with "PAR1"');
  if (!isMagic(tail)) throw notParquet(name, 'it does not end with "PAR1", so it is truncated');
  try {
    return await parquetMetadataAsync(asyncBuffer(source));
  } catch (error) {
    throw notParquet(name, (error as Error).message, error);
  }
}

function isMagic(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x41 && bytes[2] === 0x52 && bytes[3] === 0x31;
}

function notParquet(name: string, found: string, cause?: unknown): Error {
  return badInput(`${name} is no readable Parquet file: ${found}; copy or write the file again.`, cause);
}

/** Names of the top-level columns. */
export function parquetColumns(metadata: FileMetaData): string[] {
  return parquetSchema(metadata).children.map((child) => child.element.name);
}

export interface TableSelection {
  /** Default: all columns. */
  readonly columns?: readonly string[];
  /** First row and the row after the last. */
  readonly rowStart?: number;
  readonly rowEnd?: number;
  /** Saves reading the footer again. */
  readonly metadata?: FileMetaData;
}

/** Reads a table or a part of it; columns of raw bytes that are no text are left out. */
export async function readParquet(source: ByteSource, selection: TableSelection = {}): Promise<Table> {
  const metadata = selection.metadata ?? (await readParquetMetadata(source));
  const names = selection.columns ?? parquetColumns(metadata);
  const rowStart = selection.rowStart ?? 0;
  const rowEnd = Math.min(selection.rowEnd ?? Infinity, Number(metadata.num_rows));
  const columns = new Map<string, Cell[]>();
  const leftOut: { column: string; reason: string }[] = [];
  for (const column of names) {
    const values = await readColumn(source, metadata, column, rowStart, rowEnd);
    if (values) columns.set(column, values);
    else leftOut.push({ column, reason: "binary" });
  }
  return { name: source.name, rows: Math.max(0, rowEnd - rowStart), columns, leftOut };
}

async function readColumn(
  source: ByteSource,
  metadata: FileMetaData,
  column: string,
  rowStart: number,
  rowEnd: number,
): Promise<Cell[] | undefined> {
  const cells: Cell[] = [];
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows);
    const from = Math.max(rowStart, groupStart);
    const to = Math.min(rowEnd, groupEnd);
    groupStart = groupEnd;
    if (from >= to) continue;
    let rows: Record<string, unknown>[];
    try {
      rows = await parquetReadObjects({
        file: asyncBuffer(source),
        metadata,
        columns: [column],
        rowStart: from,
        rowEnd: to,
        compressors,
        utf8: false,
        useOffsetIndex: true,
      });
    } catch (error) {
      throw notParquet(source.name, `column "${column}": ${(error as Error).message}`, error);
    }
    for (const row of rows) {
      const value = row[column];
      const text = value instanceof Uint8Array ? asText(value) : value;
      if (text === undefined && value instanceof Uint8Array) return undefined;
      if (holdsBytes(text)) return undefined;
      cells.push(toCell(text));
    }
  }
  return cells;
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** Older writers leave text unmarked; bytes that are valid UTF-8 are taken as such. */
function asText(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Pictures inside a struct, as Hugging Face data sets store them. */
function holdsBytes(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).some((part) => part instanceof Uint8Array)
  );
}

/** "JSON" holds nested values, such as lists of numbers. */
export type ColumnType = "STRING" | "INT32" | "INT64" | "FLOAT" | "DOUBLE" | "BOOLEAN" | "JSON";

export interface ParquetColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly data: ArrayLike<Cell>;
  /** Default true. */
  readonly nullable?: boolean;
  /** Default: what takes fewer bytes of a dictionary and plain values. */
  readonly encoding?: "DELTA_BINARY_PACKED";
  /** Least and greatest value of every row group, by which readers skip some; default true. */
  readonly statistics?: boolean;
}

export interface ParquetWriteSettings {
  /** Rows of one row group: what a reader fetches at least. Default 4096. */
  readonly rowGroupSize?: number;
  /** Text kept beside the table, by key. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A whole Parquet file, Snappy-compressed. */
export function writeParquet(
  columns: readonly ParquetColumn[],
  settings: ParquetWriteSettings = {},
): Uint8Array<ArrayBuffer> {
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name, type, data, nullable = true, encoding, statistics = true }) => ({
      name,
      type,
      data: data as unknown[],
      nullable,
      statistics,
      ...(encoding !== undefined && { encoding }),
    })),
    rowGroupSize: settings.rowGroupSize ?? 4096,
    createdBy: "viaduct",
    ...(settings.metadata && {
      kvMetadata: Object.entries(settings.metadata).map(([key, value]) => ({ key, value })),
    }),
  });
  return new Uint8Array(buffer);
}

/** A column with the narrowest type that holds its cells. */
export function parquetColumn(name: string, cells: readonly Cell[]): ParquetColumn {
  let type: ColumnType | undefined;
  let whole = true;
  for (const cell of cells) {
    if (cell === null) continue;
    const found: ColumnType =
      typeof cell === "string"
        ? "STRING"
        : typeof cell === "boolean"
          ? "BOOLEAN"
          : typeof cell === "bigint"
            ? "INT64"
            : "DOUBLE";
    if (found === "DOUBLE" && whole) whole = Number.isInteger(cell) && Math.abs(cell as number) < 2 ** 31;
    if (type !== undefined && type !== found) return { name, type: "STRING", data: cells.map(asString) };
    type = found;
  }
  if (type === "DOUBLE" && whole) type = "INT32";
  return { name, type: type ?? "STRING", data: cells };
}

function asString(cell: Cell): string | null {
  return cell === null ? null : String(cell);
}
