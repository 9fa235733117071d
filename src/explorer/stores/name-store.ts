/** What concepts are called: by a reader, else by the method that made them. Readers may change it. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { badInput } from "../../base/errors.ts";
import { longestName, tidyName } from "../../protocol/concept-name.ts";
import type { NameKeeper } from "../data/name-keeper.ts";
import type { StudyNames } from "../data/study-names.ts";

export class NameStore {
  /** Changes with every name. */
  readonly revision: ReadonlySignal<number>;
  /** Where new names are kept. */
  readonly where: NameKeeper["where"];
  readonly #revision = signal(0);
  readonly #dictionary: string;
  readonly #learned: readonly string[] | null;
  readonly #given: Map<number, string>;
  readonly #keeper: NameKeeper;

  constructor(dictionary: string, { learned, given }: StudyNames, keeper: NameKeeper) {
    this.revision = this.#revision;
    this.where = keeper.where;
    this.#dictionary = dictionary;
    this.#learned = learned;
    this.#keeper = keeper;
    this.#given = new Map([...given, ...keeper.read(dictionary)]);
  }

  /** Subscribes to changes. */
  nameOf(concept: number): string | null {
    return this.givenBy(concept) ?? this.#learned?.[concept] ?? null;
  }

  /** The name that a reader gave. Subscribes to changes. */
  givenBy(concept: number): string | null {
    void this.#revision.value;
    const name = this.#given.get(concept) ?? "";
    return name === "" ? null : name;
  }

  /** Shown at once, and taken back when it could not be kept. An empty name takes the reader's away. */
  async rename(concept: number, text: string): Promise<void> {
    const name = tidyName(text);
    if (name.length > longestName) {
      throw badInput(`the name has ${name.length} characters; at most ${longestName} are kept`);
    }
    const before = this.#given.get(concept) ?? "";
    if (name === before) return;
    this.#set(concept, name);
    try {
      await this.#keeper.keep(this.#dictionary, concept, name);
    } catch (error) {
      if (this.#given.get(concept) === name) this.#set(concept, before);
      throw error;
    }
  }

  /** All that readers gave, by concept. */
  given(): Record<string, string> {
    const names = [...this.#given].filter(([, name]) => name !== "").toSorted(([a], [b]) => a - b);
    return Object.fromEntries(names);
  }

  #set(concept: number, name: string): void {
    this.#given.set(concept, name);
    this.#revision.value++;
  }
}
