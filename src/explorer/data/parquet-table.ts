/**
 * A Parquet file read by range: the footer on opening, then only the column chunks that hold the
 * rows asked for, each fetched and decoded once.
 */
import {
  parquetMetadataAsync,
  parquetRead,
  type AsyncBuffer,
  type FileMetaData,
  type SchemaElement,
} from "hyparquet";
import { badInput } from "../../base/errors.ts";
import type { DataSource } from "./data-source.ts";

/** Values of one column; what kind of array depends on the file. */
export type ColumnValues = ArrayLike<unknown>;

interface RowGroup {
  start: number;
  end: number;
  columns: Map<string, Promise<ColumnValues>>;
}

/** Footers of most tables of a study are smaller; what else comes with them is kept. */
const tailLength = 1 << 15;

export class ParquetTable {
  readonly rows: number;
  readonly columnNames: ReadonlySet<string>;
  /** Columns of single numbers. */
  readonly numericNames: readonly string[];
  readonly #path: string;
  readonly #file: AsyncBuffer;
  readonly #metadata: FileMetaData;
  readonly #groups: RowGroup[] = [];

  private constructor(path: string, file: AsyncBuffer, metadata: FileMetaData) {
    this.#path = path;
    this.#file = file;
    this.#metadata = metadata;
    this.rows = Number(metadata.num_rows);
    this.columnNames = new Set(
      metadata.row_groups[0]?.columns.map((c) => c.meta_data?.path_in_schema[0] ?? ""),
    );
    this.numericNames = metadata.schema
      .filter((element) => element.num_children === undefined && isNumeric(element))
      .map(({ name }) => name)
      .filter((name) => this.columnNames.has(name));
    let start = 0;
    for (const group of metadata.row_groups) {
      const end = start + Number(group.num_rows);
      this.#groups.push({ start, end, columns: new Map() });
      start = end;
    }
  }

  /** `tail`: bytes at the end of the file to read at first, best as many as its footer has. */
  static async open(
    source: Pick<DataSource, "tail" | "bytes">,
    path: string,
    tail: number = tailLength,
  ): Promise<ParquetTable> {
    const { size, bytes } = await source.tail(path, tail);
    const kept = size - bytes.byteLength;
    const file: AsyncBuffer = {
      byteLength: size,
      slice: (start, end = size) =>
        start >= kept ? bytes.slice(start - kept, end - kept) : source.bytes(path, start, end),
    };
    try {
      return new ParquetTable(
        path,
        file,
        await parquetMetadataAsync(file, { initialFetchSize: bytes.byteLength }),
      );
    } catch (cause) {
      throw badInput(`${path} is no readable Parquet table: run \`viaduct analyze\` again`, cause);
    }
  }

  /** The rows that are read in one go. */
  get parts(): readonly { readonly start: number; readonly end: number }[] {
    return this.#groups;
  }

  /** Bytes of the named columns, as they lie in the file. */
  bytesOf(names: readonly string[]): number {
    const columns = this.#metadata.row_groups.flatMap((group) => group.columns);
    return columns
      .filter((column) => names.includes(column.meta_data?.path_in_schema[0] ?? ""))
      .reduce((sum, column) => sum + Number(column.meta_data?.total_compressed_size ?? 0), 0);
  }

  /** Fails when a column is not there. */
  require(names: readonly string[]): void {
    const missing = names.find((name) => !this.columnNames.has(name));
    if (missing === undefined || this.rows === 0) return;
    throw badInput(`${this.#path} has no column ${missing}: run \`viaduct analyze\` again`);
  }

  /** Rows `start` to `end` of the named columns, in the order of the names. */
  async read(names: readonly string[], start = 0, end: number = this.rows): Promise<ColumnValues[]> {
    this.require(names);
    const first = Math.max(0, start);
    const last = Math.min(this.rows, end);
    const groups = this.#groups.filter((group) => group.start < last && group.end > first);
    for (const group of groups) this.#request(group, names);
    return Promise.all(
      names.map(async (name) => {
        const parts = await Promise.all(
          groups.map(async (group) => {
            const values = await group.columns.get(name)!;
            return slice(values, first - group.start, last - group.start);
          }),
        );
        return parts.length === 1 ? parts[0]! : parts.flatMap((part) => Array.from(part));
      }),
    );
  }

  /**
   * The named columns at single rows: element i of each belongs to `rows[i]`, in any order. Each row
   * group that holds one of them is asked once, whatever the number of its rows.
   */
  async readRows(names: readonly string[], rows: readonly number[]): Promise<unknown[][]> {
    const placed = names.map(() => Array.from<unknown>({ length: rows.length }));
    const wanted = this.#groups
      .map((group) => ({
        group,
        places: rows.flatMap((row, i) => (row >= group.start && row < group.end ? [i] : [])),
      }))
      .filter(({ places }) => places.length > 0);
    await Promise.all(
      wanted.map(async ({ group, places }) => {
        const columns = await this.read(names, group.start, group.end);
        columns.forEach((values, k) => {
          for (const i of places) placed[k]![i] = values[rows[i]! - group.start];
        });
      }),
    );
    return placed;
  }

  /** One read for all columns of a row group that are not there yet. */
  #request(group: RowGroup, names: readonly string[]): void {
    const wanted = names.filter((name) => !group.columns.has(name));
    if (wanted.length === 0) return;
    const read = this.#readGroup(group, wanted);
    for (const name of wanted) {
      const values = read.then((columns) => columns.get(name)!);
      values.catch(() => group.columns.delete(name));
      group.columns.set(name, values);
    }
  }

  async #readGroup(group: RowGroup, columns: string[]): Promise<Map<string, ColumnValues>> {
    const read = new Map<string, ColumnValues>();
    await parquetRead({
      file: this.#file,
      metadata: this.#metadata,
      columns,
      rowStart: group.start,
      rowEnd: group.end,
      onChunk: ({ columnName, columnData, rowStart, rowEnd }) => {
        if (rowStart <= group.start && rowEnd >= group.end) {
          read.set(columnName, slice(columnData, group.start - rowStart, group.end - rowStart));
          return;
        }
        const whole =
          (read.get(columnName) as unknown[] | undefined) ?? Array.from({ length: group.end - group.start });
        for (let row = Math.max(rowStart, group.start); row < Math.min(rowEnd, group.end); row++) {
          whole[row - group.start] = columnData[row - rowStart];
        }
        read.set(columnName, whole);
      },
    });
    return read;
  }
}

function isNumeric({ type, converted_type }: SchemaElement): boolean {
  if (type !== "INT32" && type !== "INT64" && type !== "FLOAT" && type !== "DOUBLE") return false;
  return converted_type === undefined || /^U?INT_|^DECIMAL$/.test(converted_type);
}

function slice(values: ColumnValues, start: number, end: number): ColumnValues {
  const from = Math.max(0, start);
  const to = Math.min(values.length, end);
  if (from === 0 && to === values.length) return values;
  return (values as unknown[]).slice(from, to);
}

/** Numbers of a column: 64-bit integers become doubles, null becomes NaN. */
export function numbers(values: ColumnValues): Float64Array {
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    result[i] = value === null || value === undefined ? NaN : Number(value);
  }
  return result;
}

/** Texts of a column; anything else is null. */
export function texts(values: ColumnValues): (string | null)[] {
  return Array.from(values, (value) => (typeof value === "string" ? value : null));
}
