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

/** What a first view shows: a place, a size, a colour, and which concepts are dead. */
const atFirst = ["x", "y", "energy", "modalityScore", "active"] as const satisfies readonly ConceptColumn[];

export class LazyColumns {
  readonly #table: ParquetTable;
  readonly #arrived = new Map<ConceptColumn, Float64Array>();
  readonly #requests = new Map<TableColumn, Promise<void>>();
  readonly #shown: Signal<ConceptColumns>;
  /** Asked for since the last request: one request for what a view reads in one go. */
  #wanted = new Set<TableColumn>();
  readonly #nothing: Float64Array;

  private constructor(table: ParquetTable) {
    this.#table = table;
    this.#nothing = new Float64Array(table.rows).fill(NaN);
    this.#arrived.set(
      "concept",
      Float64Array.from({ length: table.rows }, (_, j) => j),
    );
    this.#shown = signal(this.#view());
  }

  /** Resolves when a first view can be drawn. */
  static async open(table: ParquetTable): Promise<LazyColumns> {
    table.require(tableColumns);
    const columns = new LazyColumns(table);
    for (const name of newerColumns) {
      if (!table.columnNames.has(name)) columns.#arrived.set(name, columns.#nothing);
    }
    await columns.load(atFirst);
    return columns;
  }

  get columns(): ConceptColumns {
    return this.#shown.value;
  }

  /** Whether all of these are there; asks for those that are not. */
  has(names: readonly ConceptColumn[]): boolean {
    void this.#shown.value;
    const missing = names.filter((name) => !this.#arrived.has(name));
    for (const name of missing) this.#want(name);
    return missing.length === 0;
  }

  /** Resolves when all of these are there. */
  async load(names: readonly ConceptColumn[]): Promise<void> {
    for (const name of names) this.#want(name);
    const columns = new Set(names.flatMap((name) => [...sources(name)]));
    this.#request();
    await Promise.all([...columns].flatMap((name) => this.#requests.get(name) ?? []));
  }

  #want(name: ConceptColumn): void {
    if (this.#arrived.has(name)) return;
    for (const source of sources(name)) {
      if (this.#requests.has(source)) continue;
      this.#wanted.add(source);
    }
    if (this.#wanted.size > 0) void Promise.resolve().then(() => this.#request());
  }

  #request(): void {
    const names = [...this.#wanted];
    this.#wanted = new Set();
    if (names.length === 0) return;
    const request = this.#read(names);
    for (const name of names) this.#requests.set(name, request);
    // Whoever asks next asks anew.
    request.catch(() => {
      for (const name of names) this.#requests.delete(name);
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
