/**
 * What the rows of an embedding set are: file, caption, source and further columns, read from the
 * item table by row group and kept while they are likely to be asked for again.
 */
import type { Cell, Table } from "../formats/table.ts";
import type { FileSource } from "../platform/node/files/file-source.ts";
import { readParquet, readParquetMetadata } from "../formats/parquet.ts";

export interface Item {
  /** Row within its modality. */
  readonly row: number;
  readonly file: string | null;
  readonly caption: string | null;
  readonly source: string | null;
  /** Further columns of the item table, by name. */
  readonly further: Readonly<Record<string, Cell>>;
}

export interface ItemTable {
  readonly rows: number;
  /** Names of the further columns. */
  readonly furtherColumns: readonly string[];
  /** Items of rows `start` … `start + count − 1`. */
  range(start: number, count: number): Promise<Item[]>;
  /** Items of the given rows, in their order. */
  at(rows: ArrayLike<number>): Promise<Item[]>;
  /** All cells of one column, by row. */
  column(name: string): Promise<readonly Cell[]>;
}

export const itemColumns = ["row", "file", "caption", "source"] as const;

const groupsKept = 64;

export async function openItemTable(source: FileSource): Promise<ItemTable> {
  const metadata = await readParquetMetadata(source);
  const starts = [0];
  for (const group of metadata.row_groups) starts.push((starts.at(-1) ?? 0) + Number(group.num_rows));
  const rows = Number(metadata.num_rows);
  const furtherColumns = metadata.schema
    .slice(1)
    .map((element) => element.name)
    .filter((name) => !(itemColumns as readonly string[]).includes(name));
  const kept = new Map<number, Promise<Table>>();

  function group(index: number): Promise<Table> {
    let table = kept.get(index);
    kept.delete(index);
    table ??= readParquet(source, {
      metadata,
      rowStart: starts[index] ?? 0,
      rowEnd: starts[index + 1] ?? rows,
    });
    kept.set(index, table);
    const oldest = kept.keys().next().value;
    if (kept.size > groupsKept && oldest !== undefined) kept.delete(oldest);
    return table;
  }

  function groupOf(row: number): number {
    if (!Number.isInteger(row) || row < 0 || row >= rows) {
      throw new RangeError(`${source.name}: row ${row} asked for, it has ${rows}`);
    }
    let low = 0;
    let high = starts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  async function item(row: number): Promise<Item> {
    const index = groupOf(row);
    const { columns } = await group(index);
    const local = row - (starts[index] ?? 0);
    const cell = (name: string): Cell => columns.get(name)?.[local] ?? null;
    const text = (name: string): string | null => {
      const value = cell(name);
      return value === null ? null : String(value);
    };
    return {
      row,
      file: text("file"),
      caption: text("caption"),
      source: text("source"),
      further: Object.fromEntries(furtherColumns.map((name) => [name, cell(name)])),
    };
  }

  const at = (wanted: ArrayLike<number>): Promise<Item[]> => Promise.all(Array.from(wanted, item));
  return {
    rows,
    furtherColumns,
    at,
    column: async (name) =>
      (await readParquet(source, { metadata, columns: [name] })).columns.get(name) ?? [],
    range: (start, count) => at(Array.from({ length: count }, (_, i) => start + i)),
  };
}
