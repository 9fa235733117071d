/** What the rows of one modality are: file, caption, source. */
import type { DataSource } from "./data-source.ts";
import { ParquetTable } from "./parquet-table.ts";

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
    this.#table = () => {
      table ??= ParquetTable.open(source, path).catch((error: unknown) => {
        // The next reader tries again.
        table = null;
        throw error;
      });
      return table;
    };
  }

  /** Items in the order of `rows`; a row that the table does not have is an item without content. */
  async read(rows: readonly number[]): Promise<Item[]> {
    const table = await this.#table();
    const names = (["file", "caption", "source"] as const).filter((name) => table.columnNames.has(name));
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
