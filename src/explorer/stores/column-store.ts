/** Columns of numbers by name, whichever table they come from, read when something asks for them. */
import { isConceptColumn } from "../data/concept-columns.ts";
import type { DictionaryTables } from "../data/dictionary-tables.ts";
import { lazily } from "./lazily.ts";
import { loading, ready, type Loadable } from "./loadable.ts";

/** A column's values; null: the dictionary has none of that name. */
export type Column = Loadable<Float64Array | null>;

export class ColumnStore {
  readonly #tables: Pick<DictionaryTables, "concepts" | "hasColumns" | "numericColumns">;
  readonly #read: (name: string) => Promise<Float64Array | null>;
  readonly #further = new Map<string, () => Column>();

  /** `read` gives columns that `tables.concepts` does not know. */
  constructor(
    tables: Pick<DictionaryTables, "concepts" | "hasColumns" | "numericColumns">,
    read: (name: string) => Promise<Float64Array | null>,
  ) {
    this.#tables = tables;
    this.#read = read;
  }

  /** Asking for it requests it. Subscribes to its arrival. */
  get(name: string): Column {
    if (isConceptColumn(name)) {
      return this.#tables.hasColumns([name]) ? ready(this.#tables.concepts[name]) : loading;
    }
    const known = this.#further.get(name) ?? lazily(() => this.#read(name));
    this.#further.set(name, known);
    return known();
  }
}
