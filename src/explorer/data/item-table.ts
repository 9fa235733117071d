/** What the rows of one modality are: file, caption, source; further columns when they are asked for. */
import type { DataSource } from "./data-source.ts";
import { ParquetTable, type ColumnValues } from "./parquet-table.ts";

export interface Item {
  row: number;
  file: string | null;
  caption: string | null;
  source: string | null;
}

/** Parts that are on their way while one is looked at: a line with a long way is kept busy. */
const partsAhead = 6;

/** Rows `start` to `start + rows`. */
export interface ItemPart {
  start: number;
  rows: number;
  columns: ColumnValues[];
}

/** Columns that are not told of an item one by one. */
const known: ReadonlySet<string> = new Set(["row", "file", "caption"]);

/** Columns that tell what an item is. */
const told = ["file", "caption", "source"] as const;

/** Bytes that are read ahead, of each table: about twenty thousand captions. */
const shortTable = 2 << 20;

export class ItemTable {
  #names: readonly string[] = [];
  readonly #table: () => Promise<ParquetTable>;

  constructor(source: DataSource, path: string) {
    let table: Promise<ParquetTable> | null = null;
    this.#table = () => {
      table ??= ParquetTable.open(source, path).catch((error: unknown) => {
        // The next reader tries again.
        table = null;
        throw error;
      });
      return table;
    };
  }

  /** Names of the columns beyond `row`, `file`, `caption` and `source`; none before the first read. */
  get furtherNames(): readonly string[] {
    return this.#names;
  }

  /** Reads where its rows lie. */
  async open(): Promise<void> {
    await this.#table();
  }

  /** Reads the columns that tell an item where they are short; otherwise only where rows lie. */
  async readAhead(): Promise<void> {
    const table = await this.#table();
    const names = told.filter((name) => table.columnNames.has(name));
    if (table.bytesOf(names) <= shortTable) await table.read(names);
  }

  /** What `source` and the further columns say of one row, as text; empty cells are left out. */
  async further(row: number): Promise<[name: string, text: string][]> {
    const table = await this.#table();
    const names = [...table.columnNames].filter((name) => !known.has(name));
    const columns = await table.readRows(names, [row]);
    return names.flatMap((name, k): [string, string][] => {
      const text = textOf(columns[k]![0]);
      return text === "" ? [] : [[name, text]];
    });
  }

  /** All rows of the named columns, part by part as the file holds them; columns that it has not are left out. */
  async *parts(names: readonly string[]): AsyncGenerator<ItemPart, void, void> {
    const table = await this.#table();
    const there = names.filter((name) => table.columnNames.has(name));
    const read = (part: { start: number; end: number }) => {
      const columns = table.read(there, part.start, part.end);
      // Said when its turn comes.
      columns.catch(() => {});
      return columns;
    };
    const reads = table.parts.slice(0, partsAhead).map(read);
    for (const [i, { start, end }] of table.parts.entries()) {
      const next = table.parts[i + partsAhead];
      if (next !== undefined) reads.push(read(next));
      yield { start, rows: end - start, columns: await reads[i]! };
    }
  }

  /** Items in the order of `rows`; a row that the table does not have is an item without content. */
  async read(rows: readonly number[]): Promise<Item[]> {
    const table = await this.#table();
    this.#names = [...table.columnNames].filter((name) => !known.has(name) && name !== "source");
    const names = told.filter((name) => table.columnNames.has(name));
    const columns = await table.readRows(names, rows);
    return rows.map((row, i) => {
      const item: Item = { row, file: null, caption: null, source: null };
      names.forEach((name, k) => {
        const value = columns[k]![i];
        if (typeof value === "string") item[name] = value;
      });
      return item;
    });
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
}
