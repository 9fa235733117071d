/** What was measured about one dictionary, read concept by concept. */
import type { Band, BridgeRow, WordList } from "../../protocol/analysis-tables.ts";
import { badInput } from "../../base/errors.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import type { DictionarySummary } from "../../protocol/study-summary.ts";
import { newerColumns, tableColumns, type ConceptColumn, type ConceptColumns } from "./concept-columns.ts";
import type { DataSource } from "./data-source.ts";
import { LazyColumns, type Later } from "./lazy-columns.ts";
import { ParquetTable, numbers, texts } from "./parquet-table.ts";

export type Modality = "image" | "text";

export interface Example {
  modality: Modality;
  band: Band;
  row: number;
  activation: number;
}

export type Bridge = BridgeRow;

export interface Neighbour {
  concept: number;
  cosine: number;
}

/** All bridges worth showing, one array for each column: sorted by image concept, then score. */
export type BridgeColumns = { readonly count: number } & Readonly<
  Record<(typeof listedColumns)[number], Float64Array>
>;

const listedColumns = [
  "imageConcept",
  "textConcept",
  "cosine",
  "score",
  "pairs",
  "shuffleQ",
  "permutedQ",
] as const satisfies readonly (keyof BridgeRow)[];

/** A word that tells of a concept, by what it was found. */
export interface Word {
  list: WordList;
  word: string;
  score: number;
}

/** Counts of activations in equal bins over (0, upper]. */
export interface ActivationHistogram {
  upper: number;
  image: Float64Array;
  text: Float64Array;
}

const bridgeColumns = [
  "imageConcept",
  "textConcept",
  "coactivation",
  "cosine",
  "score",
  "pairs",
  "shuffleZ",
  "shuffleP",
  "shuffleQ",
  "permutedP",
  "permutedQ",
] as const satisfies readonly (keyof BridgeRow)[];

/** What one concept's page is made of, beside its statistics. */
const pageTables = ["examples", "histograms", "bridges", "bridgesByText", "neighbours", "words"] as const;
export type OtherTable = (typeof pageTables)[number] | "strongestBridges";

/** Where a concept's rows lie in those tables. */
const placeColumns = [
  "exampleStart",
  "bridgeStart",
  "bridgeCount",
  "bridgeByTextStart",
  "bridgeByTextCount",
  "neighbourStart",
  "neighbourCount",
] as const satisfies readonly ConceptColumn[];

type OpenTable = (table: OtherTable) => Promise<ParquetTable>;

/** What every view shows, filters and sorts by: a size, a colour, and which concepts are dead. */
export const columnsOfAllViews = [
  "energy",
  "modalityScore",
  "active",
] as const satisfies readonly ConceptColumn[];

/** The footer of concepts.parquet, which is one row group. */
const conceptsFooter = 1 << 13;

export class DictionaryTables {
  /** Columns of single numbers that concepts.parquet has. */
  readonly numericColumns: readonly string[];
  readonly #table: ParquetTable;
  readonly #concepts: LazyColumns;
  #all: Promise<BridgeColumns> | null = null;
  readonly #open: OpenTable;
  readonly #later: Later;
  /** What a concept's page shows at its top is on its way: names and what lies below come after it. */
  #top: Promise<unknown> = Promise.resolve();

  private constructor(table: ParquetTable, open: OpenTable, later: Later) {
    this.numericColumns = table.numericNames;
    this.#table = table;
    this.#concepts = new LazyColumns(table, later);
    this.#later = later;
    this.#open = open;
  }

  /** Before any column is read; `open` are tables that are opened meanwhile. `later`: see lazy-columns.ts. */
  static async open(
    source: DataSource,
    { name, strongestBridges = false }: Pick<DictionarySummary, "name" | "strongestBridges">,
    at: { readonly open?: readonly OtherTable[]; readonly later?: Later } = {},
  ): Promise<DictionaryTables> {
    const layout = studyLayout.dictionary(name).analysis;
    const opened = new Map<string, Promise<ParquetTable>>();
    const open: OpenTable = async (table) => {
      if (table === "strongestBridges" && !strongestBridges) throw badInput(`${name} has no list of them`);
      const known = opened.get(table) ?? ParquetTable.open(source, `study/${layout[table]}`);
      known.catch(() => opened.delete(table));
      opened.set(table, known);
      return known;
    };
    const concepts = ParquetTable.open(source, `study/${layout.concepts}`, conceptsFooter);
    for (const name of at.open ?? []) void open(name).catch(() => {});
    const table = await concepts;
    return new DictionaryTables(table, open, at.later ?? (() => Promise.resolve()));
  }

  /** Statistics; whatever reads them is drawn again when columns that it asked for have arrived. */
  get concepts(): ConceptColumns {
    return this.#concepts.columns;
  }

  /** Whether these columns have arrived; asks for those that have not. */
  hasColumns(names: readonly ConceptColumn[]): boolean {
    return this.#concepts.has(names);
  }

  /** Resolves with the columns when these are among them. */
  async withColumns(names: readonly ConceptColumn[]): Promise<ConceptColumns> {
    await this.#concepts.load(names);
    return this.#concepts.columns;
  }

  /** One value for each concept, whatever the column; null when concepts.parquet has none of that name. */
  async column(name: string): Promise<Float64Array | null> {
    if (!this.numericColumns.includes(name)) return null;
    const [values] = await this.#table.read([name]);
    return numbers(values!);
  }

  /** Up to three words for each concept; null when the analysis has none. */
  async words(): Promise<(string | null)[] | null> {
    if (!this.#table.columnNames.has("words")) return null;
    await this.#top;
    const [values] = await this.#table.read(["words"]);
    return texts(values!);
  }

  /** Sorted by modality (image first), band and rank. */
  examples(concept: number): Promise<Example[]> {
    return this.first(this.#examples(concept));
  }

  /** Resolves when nothing that is asked for first is on its way. */
  async afterFirst(): Promise<void> {
    await this.#top;
  }

  /** Names, bridges and neighbours are asked for after this. */
  first<T>(read: Promise<T>): Promise<T> {
    this.#top = Promise.allSettled([this.#top, read]);
    return read;
  }

  async #examples(concept: number): Promise<Example[]> {
    const { exampleStart, exampleCount } = await this.withColumns(["exampleStart", "exampleCount"]);
    const start = exampleStart[concept]!;
    const count = exampleCount[concept]!;
    if (!(count > 0)) return [];
    const table = await this.#open("examples");
    const [modality, band, row, activation] = await table.read(
      ["modality", "band", "row", "activation"],
      start,
      start + count,
    );
    const rows = numbers(row!);
    const activations = numbers(activation!);
    const bands = texts(band!);
    return texts(modality!).map((side, i) => ({
      modality: side === "image" ? "image" : "text",
      band: (bands[i] ?? "top") as Band,
      row: rows[i]!,
      activation: activations[i]!,
    }));
  }

  /** The strongest example of either side, null where there is none. */
  async topRows(concept: number): Promise<Record<Modality, number | null>> {
    await this.#top;
    const { topImage, topText, exampleCount } = await this.withColumns([
      "topImage",
      "topText",
      "exampleCount",
    ]);
    const [image, text] = [topImage[concept]!, topText[concept]!];
    const known = !Number.isNaN(image) || !Number.isNaN(text) || !(exampleCount[concept]! > 0);
    if (known) return { image: Number.isNaN(image) ? null : image, text: Number.isNaN(text) ? null : text };
    // Analyses of earlier versions have no such columns.
    const top = (await this.#examples(concept)).filter(({ band }) => band === "top");
    const of = (side: Modality): number | null => top.find(({ modality }) => modality === side)?.row ?? null;
    return { image: of("image"), text: of("text") };
  }

  /** What the next views will ask for, in parts that each take a request or two. */
  ahead(): (() => Promise<unknown>)[] {
    const all = [...tableColumns, ...newerColumns];
    const parts = Array.from({ length: Math.ceil(all.length / 8) }, (_, i) => all.slice(8 * i, 8 * i + 8));
    // Analyses of earlier versions have no words.
    const tables = pageTables.filter(
      (table) => table !== "words" || this.#table.columnNames.has("wordStart"),
    );
    return [
      () => this.withColumns(["exampleCount", "topImage", "topText", ...placeColumns]),
      () => this.strongestBridges(),
      ...tables.map((table) => () => this.#open(table)),
      ...parts.map((names) => () => this.withColumns(names)),
    ];
  }

  /** Bridges from this concept on the image side to concepts on the text side, strongest first. */
  async bridgesFromImages(concept: number): Promise<Bridge[]> {
    await this.#top;
    const { bridgeStart, bridgeCount } = await this.withColumns(["bridgeStart", "bridgeCount"]);
    return this.#bridges("bridges", bridgeStart[concept]!, bridgeCount[concept]!);
  }

  /** Bridges from concepts on the image side to this concept on the text side, strongest first. */
  async bridgesToTexts(concept: number): Promise<Bridge[]> {
    await this.#top;
    const names = ["bridgeByTextStart", "bridgeByTextCount"] as const;
    const { bridgeByTextStart, bridgeByTextCount } = await this.withColumns(names);
    return this.#bridges("bridgesByText", bridgeByTextStart[concept]!, bridgeByTextCount[concept]!);
  }

  /** The first of all in the order of score; null where they cannot be read, as of earlier versions. */
  async strongestBridges(): Promise<BridgeColumns | null> {
    const table = await this.#open("strongestBridges").catch(() => null);
    return table && readListed(table, [{ start: 0, end: table.rows }]);
  }

  /** Read once, when it is first asked for: part by part, so that what is asked for meanwhile need not wait. */
  allBridges(): Promise<BridgeColumns> {
    this.#all ??= this.#readAll();
    this.#all.catch(() => (this.#all = null));
    return this.#all;
  }

  async #readAll(): Promise<BridgeColumns> {
    const table = await this.#open("bridges");
    await this.#later();
    return readListed(table, table.parts);
  }

  async #bridges(name: "bridges" | "bridgesByText", start: number, count: number): Promise<Bridge[]> {
    if (!(count > 0)) return [];
    const table = await this.#open(name);
    const columns = (await table.read(bridgeColumns, start, start + count)).map(numbers);
    return Array.from({ length: count }, (_, i) => {
      const bridge = Object.fromEntries(bridgeColumns.map((column, k) => [column, columns[k]![i]!]));
      return bridge as Record<keyof BridgeRow, number>;
    });
  }

  /** Closest first. */
  async neighbours(concept: number): Promise<Neighbour[]> {
    await this.#top;
    const names = ["neighbourStart", "neighbourCount"] as const;
    const { neighbourStart, neighbourCount } = await this.withColumns(names);
    const start = neighbourStart[concept]!;
    const count = neighbourCount[concept]!;
    if (!(count > 0)) return [];
    const table = await this.#open("neighbours");
    const [neighbour, cosine] = await table.read(["neighbour", "cosine"], start, start + count);
    const cosines = numbers(cosine!);
    return Array.from(numbers(neighbour!), (other, i) => ({ concept: other, cosine: cosines[i]! }));
  }

  /** In the order of the lists and their ranks; null when the analysis has none. */
  async wordLists(concept: number): Promise<Word[] | null> {
    if (!this.#table.columnNames.has("wordStart")) return null;
    await this.#top;
    const { wordStart, wordCount } = await this.withColumns(["wordStart", "wordCount"]);
    const start = wordStart[concept]!;
    const count = wordCount[concept]!;
    if (!(count > 0)) return [];
    const table = await this.#open("words");
    const [list, word, score] = await table.read(["list", "word", "score"], start, start + count);
    const [lists, scores] = [texts(list!), numbers(score!)];
    return texts(word!).map((text, i) => ({
      list: lists[i] as WordList,
      word: text ?? "",
      score: scores[i]!,
    }));
  }

  histogram(concept: number): Promise<ActivationHistogram> {
    return this.first(this.#histogram(concept));
  }

  async #histogram(concept: number): Promise<ActivationHistogram> {
    const table = await this.#open("histograms");
    const [upper, counts] = await table.read(["upper", "counts"], 2 * concept, 2 * concept + 2);
    const [image, text] = Array.from(counts!, (row) => numbers((row ?? []) as ArrayLike<unknown>));
    return {
      upper: numbers(upper!)[0] ?? 0,
      image: image ?? new Float64Array(),
      text: text ?? new Float64Array(),
    };
  }
}

/** Parts of a long table that are asked for at once. */
const partsAtOnce = 4;

async function readListed(
  table: ParquetTable,
  parts: readonly { readonly start: number; readonly end: number }[],
): Promise<BridgeColumns> {
  const columns = listedColumns.map(() => new Float64Array(table.rows));
  const waiting = table.rows === 0 ? [] : [...parts];
  const read = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const { start, end } = part;
      const values = await table.read(listedColumns, start, end);
      values.forEach((column, k) => columns[k]!.set(numbers(column), start));
    }
  };
  await Promise.all(Array.from({ length: partsAtOnce }, read));
  const named = Object.fromEntries(listedColumns.map((name, k) => [name, columns[k]!]));
  return { count: table.rows, ...(named as Record<(typeof listedColumns)[number], Float64Array>) };
}
