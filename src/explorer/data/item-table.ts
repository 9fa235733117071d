/** What the rows of one modality are: file, caption, source. */
import type { DataSource } from "./data-source.ts";
import { ParquetTable, texts } from "./parquet-table.ts";

export interface Item {
  row: number;
  file: string | null;
  caption: string | null;
  source: string | null;
}

export class ItemTable {
  readonly #table: () => Promise<ParquetTable>;

  constructor(source: DataSource, path: string) {
    let table: Promise<ParquetTable> | null = null;
    this.#table = () => (table ??= ParquetTable.open(source, path));
  }

  /** Items in the order of `rows`; a row that the table does not have is an item without content. */
  async read(rows: readonly number[]): Promise<Item[]> {
    const table = await this.#table();
    const names = (["file", "caption", "source"] as const).filter((name) => table.columnNames.has(name));
    return Promise.all(
      rows.map(async (row) => {
        const item: Item = { row, file: null, caption: null, source: null };
        if (row < 0 || row >= table.rows) return item;
        const values = await table.read(names, row, row + 1);
        names.forEach((name, i) => (item[name] = texts(values[i]!)[0] ?? null));
        return item;
      }),
    );
  }
}
