/**
 * What the explorer needs before it reads anything else: the study in one small JSON document.
 * The local server answers it under `data/summary.json`; a static export writes the same file.
 */

export const studySummarySchemaVersion = 1;

/** The local server, the page itself (protocol/site-queries.ts), or nobody. */
export type AnsweringParty = "server" | "page" | "nobody";

export interface StudySummary {
  schemaVersion: typeof studySummarySchemaVersion;
  name: string;
  set: SetSummary;
  /** Whether names of concepts are kept by whoever answers: `explore` does, a static export cannot. */
  keepsNames: boolean;
  /** Who answers questions about new texts and pictures (protocol/query.ts). */
  questionsAnsweredBy: AnsweringParty;
  dictionaries: DictionarySummary[];
  /** Runs that are being trained as this is said; exports of earlier versions do not say. */
  training?: TrainingRun[];
  /** Only in a static export: how its files lie. Nothing can be written there. */
  site?: SiteSummary;
}

/** A dictionary that is not there yet. */
export interface TrainingRun {
  name: string;
  /** What it has logged so far: lines of JSON, a file of the study. */
  log: string;
}

export interface SiteSummary {
  /** Bytes of the files that lie in pieces (protocol/site-layout.ts), by path below `data/`. */
  pieces: Record<string, number>;
  pieceBytes: number;
  /** Whether pictures are those in the packs of the set; false: there are none. */
  packedPictures: boolean;
}

export interface SetSummary {
  model: string | null;
  dimension: number;
  imageRows: number;
  textRows: number;
  pairs: number;
  dataHash: string;
  /** Whether the set says where its pictures are, or holds thumbnails of them. */
  pictures: boolean;
  /**
   * What tells how alike a picture and a caption are: the embeddings of both, the inner products of the
   * pairs alone (site.ts), or nothing.
   */
  similarity: "embeddings" | "pairs" | "none";
  /** Why the set's own files cannot be read, in one line; null when they can. */
  problem: string | null;
}

/** Numbers over one group of rows; null where they were not measured. */
export interface RowsSummary {
  r2: number | null;
  /** Mean count of active concepts per row. */
  activePerSample: number | null;
  /** Share of concepts that are never active on these rows. */
  deadFraction: number | null;
}

/** A tensor in a safetensors file of the study. */
export interface TensorPlace {
  path: string;
  tensor: string;
}

export interface DictionarySummary {
  name: string;
  learner: string | null;
  concepts: number | null;
  /** Whether `viaduct analyze` has written its tables. */
  analysed: boolean;
  /** Whether those have bridges-strongest.parquet; earlier versions wrote none and do not say. */
  strongestBridges?: boolean;
  /** Whether its concepts have names of their own (`names.json`). */
  named: boolean;
  /** Whether readers gave names to concepts (names/<dictionary>.json). */
  renamed: boolean;
  /** Dictionaries of the study that `viaduct compare` matched its concepts with. */
  comparedWith: string[];
  /** Where its atoms lie, c x d: a file of the study and the tensor in it; null: nowhere. */
  atoms: TensorPlace | null;
  /** Where its decoder biases lie, d each; null: nowhere. Exports of earlier versions do not say. */
  biases?: Record<"image" | "text", TensorPlace> | null;
  all: RowsSummary;
  image: RowsSummary | null;
  text: RowsSummary | null;
  bridgeSum: number | null;
  pairedInnerProduct: number | null;
}
