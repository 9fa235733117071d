/** What was measured about one dictionary, read concept by concept. */
import type { Band, BridgeRow } from "../../protocol/analysis-tables.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { readConceptColumns, type ConceptColumns } from "./concept-columns.ts";
import type { DataSource } from "./data-source.ts";
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

export class DictionaryTables {
  readonly concepts: ConceptColumns;
  readonly #open: (
    path: "examples" | "bridges" | "bridgesByText" | "neighbours" | "histograms",
  ) => Promise<ParquetTable>;

  private constructor(source: DataSource, name: string, concepts: ConceptColumns) {
    this.concepts = concepts;
    const layout = studyLayout.dictionary(name).analysis;
    const opened = new Map<string, Promise<ParquetTable>>();
    this.#open = (table) => {
      const open = opened.get(table) ?? ParquetTable.open(source, `study/${layout[table]}`);
      open.catch(() => opened.delete(table));
      opened.set(table, open);
      return open;
    };
  }

  static async open(source: DataSource, name: string): Promise<DictionaryTables> {
    const path = studyLayout.dictionary(name).analysis.concepts;
    const table = await ParquetTable.open(source, `study/${path}`);
    return new DictionaryTables(source, name, await readConceptColumns(table));
  }

  /** Sorted by modality (image first), band and rank. */
  async examples(concept: number): Promise<Example[]> {
    const start = this.concepts.exampleStart[concept]!;
    const count = this.concepts.exampleCount[concept]!;
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

  /** Bridges from this concept on the image side to concepts on the text side, strongest first. */
  async bridgesFromImages(concept: number): Promise<Bridge[]> {
    const { bridgeStart, bridgeCount } = this.concepts;
    return this.#bridges("bridges", bridgeStart[concept]!, bridgeCount[concept]!);
  }

  /** Bridges from concepts on the image side to this concept on the text side, strongest first. */
  async bridgesToTexts(concept: number): Promise<Bridge[]> {
    const { bridgeByTextStart, bridgeByTextCount } = this.concepts;
    return this.#bridges("bridgesByText", bridgeByTextStart[concept]!, bridgeByTextCount[concept]!);
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
    const start = this.concepts.neighbourStart[concept]!;
    const count = this.concepts.neighbourCount[concept]!;
    if (!(count > 0)) return [];
    const table = await this.#open("neighbours");
    const [neighbour, cosine] = await table.read(["neighbour", "cosine"], start, start + count);
    const cosines = numbers(cosine!);
    return Array.from(numbers(neighbour!), (other, i) => ({ concept: other, cosine: cosines[i]! }));
  }

  async histogram(concept: number): Promise<ActivationHistogram> {
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
