/**
 * The columns of analysis/concepts.parquet, read when something asks for them: a map needs six of
 * some forty. `columns` is a signal, so that whatever reads it in a component or a computed value
 * is drawn or computed again when columns arrive.
 */
import { signal, type Signal } from "@preact/signals";
import {
  derivedColumns,
  newerColumns,
  tableColumns,
  type ConceptColumn,
  type ConceptColumns,
  type DerivedColumn,
  type TableColumn,
} from "./concept-columns.ts";
import { numbers, type ParquetTable } from "./parquet-table.ts";

/** Resolves when columns may be asked for that a view reads but can do without at first. */
export type Later = () => Promise<unknown>;

export class LazyColumns {
  readonly #table: ParquetTable;
  readonly #arrived = new Map<ConceptColumn, Float64Array>();
  readonly #requests = new Map<TableColumn, Promise<void>>();
  readonly #shown: Signal<ConceptColumns>;
  readonly #later: Later;
  /** Read by something and not asked for yet. */
  readonly #wanted = new Set<ConceptColumn>();
  readonly #nothing: Float64Array;

  constructor(table: ParquetTable, later: Later) {
    table.require(tableColumns);
    this.#table = table;
    this.#later = later;
    this.#nothing = new Float64Array(table.rows).fill(NaN);
    this.#arrived.set(
      "concept",
      Float64Array.from({ length: table.rows }, (_, j) => j),
    );
    for (const name of newerColumns) {
      if (!table.columnNames.has(name)) this.#arrived.set(name, this.#nothing);
    }
    this.#shown = signal(this.#view());
  }

  get columns(): ConceptColumns {
    return this.#shown.value;
  }

  /** Whether all of these are there; asks for those that are not. */
  has(names: readonly ConceptColumn[]): boolean {
    void this.#shown.value;
    const missing = names.filter((name) => !this.#arrived.has(name));
    if (missing.length > 0) void this.load(missing).catch(() => {});
    return missing.length === 0;
  }

  /** Resolves when all of these are there. */
  async load(names: readonly ConceptColumn[]): Promise<void> {
    const columns = [...new Set(names.flatMap(sources))].filter((name) => !this.#arrived.has(name));
    const missing = columns.filter((name) => !this.#requests.has(name));
    if (missing.length > 0) {
      const request = this.#read(missing);
      for (const name of missing) this.#requests.set(name, request);
      // Whoever asks next asks anew.
      request.catch(() => {
        for (const name of missing) this.#requests.delete(name);
      });
    }
    await Promise.all(columns.flatMap((name) => this.#requests.get(name) ?? []));
  }

  /** What a view reads in one go is asked for in one go, when what it cannot do without has come. */
  #want(name: ConceptColumn): void {
    this.#wanted.add(name);
    if (this.#wanted.size > 1) return;
    void this.#later().then(() => {
      const names = [...this.#wanted];
      this.#wanted.clear();
      return this.load(names).catch(() => {});
    });
  }

  async #read(names: readonly TableColumn[]): Promise<void> {
    const values = await this.#table.read(names);
    names.forEach((name, i) => this.#arrived.set(name, numbers(values[i]!)));
    this.#shown.value = this.#view();
  }

  /** Columns that are there as they are; the others as properties that ask for them. */
  #view(): ConceptColumns {
    const view = { count: this.#table.rows };
    for (const name of ["concept", ...tableColumns, ...newerColumns] as const) this.#define(view, name);
    for (const name of Object.keys(derivedColumns) as DerivedColumn[]) {
      const { from, of } = derivedColumns[name];
      const known = from.every((source) => this.#arrived.has(source));
      if (known && !this.#arrived.has(name)) this.#arrived.set(name, of(view as ConceptColumns));
      this.#define(view, name);
    }
    return view as ConceptColumns;
  }

  #define(view: object, name: ConceptColumn): void {
    const value = this.#arrived.get(name);
    if (value !== undefined) {
      Object.defineProperty(view, name, { value, enumerable: true });
      return;
    }
    Object.defineProperty(view, name, {
      enumerable: true,
      get: () => {
        this.#want(name);
        return this.#nothing;
      },
    });
  }
}

/** The table's columns that a column is made of. */
function sources(name: ConceptColumn): readonly TableColumn[] {
  if (name === "concept") return [];
  return name in derivedColumns ? derivedColumns[name as DerivedColumn].from : [name as TableColumn];
}
