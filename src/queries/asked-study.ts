/** What an answer needs of a study, wherever it lies: on disk or behind a web server. */
import type { Modality, RowSource } from "../base/rows.ts";
import type { Backend } from "../kernels/backend.ts";
import type { Dictionary } from "../learners/dictionary.ts";

export interface AskedStudy {
  /** Name of the dictionary. */
  readonly name: string;
  readonly dictionary: Dictionary;
  readonly backend: Backend;
  /** What a concept is called; null where nothing is known to call it by. */
  readonly words: (concept: number) => Promise<string | null>;
  /** The set's embeddings; null where they are not there, so that nothing is said of what is nearest. */
  readonly embeddings: Readonly<Record<Modality, RowSource>> | null;
  /** What rows of the set are, in the order asked for. */
  readonly items: (modality: Modality, rows: readonly number[]) => Promise<readonly AskedItem[]>;
}

export interface AskedItem {
  readonly file: string | null;
  readonly caption: string | null;
}

/** What a question is about. */
export interface QueryPoint {
  readonly modality: Modality;
  /** d */
  readonly vector: Float32Array;
  /** The caption, file or text, for people. */
  readonly words: string;
  /** Row of the set, or null where it was embedded now. */
  readonly row: number | null;
}
