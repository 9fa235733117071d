/**
 * What stands for a concept while it has no name: its words, its top picture and its top caption. Labels are
 * read when something shows them, in batches; `revision` tells that some have arrived.
 */
import { signal, type ReadonlySignal } from "@preact/signals";
import { isDead } from "../data/concept-columns.ts";
import type { DictionaryTables } from "../data/dictionary-tables.ts";
import type { Item, ItemTable } from "../data/item-table.ts";
import { conceptName, type ConceptName } from "./concept-name.ts";
import type { NameStore } from "./name-store.ts";

export interface ConceptLabel {
  image: Item | null;
  text: Item | null;
  /** Up to three words that its captions have more often than others; null: none, or not known. */
  words: string | null;
  /** Whether its examples or what they are could not be read: null then says nothing. */
  unreadable: boolean;
}

export interface LabelSources {
  tables: DictionaryTables;
  images: ItemTable;
  texts: ItemTable;
  names: NameStore;
}

/** Concepts read in one go; between two batches the page can answer. */
const batchSize = 256;

export class LabelStore {
  readonly revision: ReadonlySignal<number>;
  readonly #revision = signal(0);
  readonly #labels = new Map<number, ConceptLabel>();
  readonly #searchTexts = new Map<number, string>();
  readonly #wanted = new Set<number>();
  readonly #sources: LabelSources;
  readonly #schedule: (work: () => void) => void;
  #running = false;

  /** `schedule` runs work soon, after what shows it has been drawn. */
  constructor(sources: LabelSources, schedule: (work: () => void) => void) {
    this.revision = this.#revision;
    this.#sources = sources;
    this.#schedule = schedule;
  }

  /** Undefined until it has been read; asking for it requests it. Subscribes to its arrival. */
  get(concept: number): ConceptLabel | undefined {
    void this.#revision.value;
    const label = this.#labels.get(concept);
    if (label === undefined) this.#want(concept);
    return label;
  }

  get names(): NameStore {
    return this.#sources.names;
  }

  /** The name that a reader gave to the concept, else the one that it was learned with. Subscribes to changes. */
  givenName(concept: number): string | null {
    return this.#sources.names.nameOf(concept);
  }

  /** What the concept is called as far as it has been read; null: nothing yet. */
  nameOf(concept: number): ConceptName | null {
    const { concepts } = this.#sources.tables;
    const name = conceptName(this.get(concept), isDead(concepts, concept), this.givenName(concept));
    return name.text === "" ? null : name;
  }

  /** Lower-case text that the filter searches, or null while not read. */
  searchText(concept: number): string | null {
    const text = this.#searchTexts.get(concept);
    if (text === undefined) return null;
    const name = this.givenName(concept);
    return name === null ? text : `${name.toLowerCase()} \n ${text}`;
  }

  /** What each of `concepts` is called, once all of them have been read. */
  async namesOf(concepts: readonly number[]): Promise<ReadonlyMap<number, ConceptName>> {
    const missing = concepts.filter((concept) => !this.#labels.has(concept));
    for (let start = 0; start < missing.length; start += batchSize) {
      await this.#take(missing.slice(start, start + batchSize));
    }
    if (missing.length > 0) this.#revision.value++;
    const { concepts: columns } = this.#sources.tables;
    return new Map(
      concepts.map((concept) => [
        concept,
        conceptName(this.#labels.get(concept), isDead(columns, concept), this.givenName(concept)),
      ]),
    );
  }

  wantAll(): void {
    for (let j = 0; j < this.#sources.tables.concepts.count; j++) this.#want(j);
  }

  /** Concepts whose label has not arrived. */
  get missing(): number {
    return this.#sources.tables.concepts.count - this.#labels.size;
  }

  #want(concept: number): void {
    if (this.#labels.has(concept)) return;
    this.#wanted.add(concept);
    if (this.#running) return;
    this.#running = true;
    this.#schedule(() => void this.#work());
  }

  async #work(): Promise<void> {
    const batch = [...this.#wanted].slice(0, batchSize);
    for (const concept of batch) this.#wanted.delete(concept);
    await this.#take(batch);
    this.#revision.value++;
    this.#running = false;
    if (this.#wanted.size > 0) {
      this.#running = true;
      this.#schedule(() => void this.#work());
    }
  }

  async #take(batch: readonly number[]): Promise<void> {
    const labels = await this.#read(batch);
    batch.forEach((concept, i) => {
      const label = labels[i]!;
      this.#labels.set(concept, label);
      this.#searchTexts.set(concept, searchText(label));
    });
  }

  /** Labels of `concepts` in their order; one whose examples cannot be read goes by its number. */
  async #read(concepts: readonly number[]): Promise<ConceptLabel[]> {
    const { tables, images, texts } = this.#sources;
    const allWords = tables.words().catch(() => null);
    const tops = await Promise.all(
      concepts.map(async (concept) => {
        const read = await tables.topRows(concept).catch(() => null);
        return { image: read?.image ?? null, text: read?.text ?? null, unreadable: read === null };
      }),
    );
    const [words, imageItems, textItems] = await Promise.all([
      allWords,
      itemsByRow(
        images,
        tops.map((top) => top.image),
      ),
      itemsByRow(
        texts,
        tops.map((top) => top.text),
      ),
    ]);
    return tops.map((top, i) => ({
      image: top.image === null ? null : (imageItems?.get(top.image) ?? null),
      text: top.text === null ? null : (textItems?.get(top.text) ?? null),
      words: words?.[concepts[i]!] ?? null,
      unreadable: top.unreadable || imageItems === null || textItems === null,
    }));
  }
}

/** Null when they cannot be read: their concepts go by their numbers. */
async function itemsByRow(
  table: ItemTable,
  rows: readonly (number | null)[],
): Promise<Map<number, Item> | null> {
  const distinct = [...new Set(rows.filter((row) => row !== null))];
  if (distinct.length === 0) return new Map();
  const items = await table.read(distinct).catch(() => null);
  return items && new Map(items.map((item) => [item.row, item]));
}

function searchText(label: ConceptLabel): string {
  const parts = [label.words, label.text?.caption, label.image?.caption, label.image?.file];
  return parts
    .filter((part) => typeof part === "string")
    .join(" \n ")
    .toLowerCase();
}
