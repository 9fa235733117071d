/**
 * An experiment of arXiv 2504.11695 as a function of a study: a table, a figure, and what was found.
 * One file here per experiment; `experiments.ts` lists them.
 */
import type { Modality } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Progress } from "../../base/progress.ts";
import type { Cell } from "../../formats/table.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { EmbeddingSet } from "../embedding-set.ts";
import type { StoredDictionary } from "../dictionary-folder.ts";
import type { Figure } from "./figure.ts";
import type { ConceptStatistics } from "./concept-statistics.ts";
import type { StudyRun } from "./runs.ts";

/** What the embedding set holds. */
export interface SetSize {
  readonly imageRows: number;
  readonly textRows: number;
  readonly pairs: number;
}

/** Said where an experiment compares the modalities and one is missing. */
export function lacksModality({ imageRows, textRows }: SetSize): string | null {
  if (imageRows > 0 && textRows > 0) return null;
  return `the embedding set has no ${imageRows > 0 ? "text" : "image"} rows; it needs both modalities`;
}

export interface PaperStudy {
  readonly path: string;
  readonly set: EmbeddingSet;
  /** The chosen runs. */
  readonly runs: readonly StudyRun[];
  readonly backend: Backend;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  /** Seed of samples and random baselines. */
  readonly seed: number;
  dictionary(run: StudyRun): Promise<StoredDictionary>;
  /** Kept for every run. */
  statistics(run: StudyRun): Promise<ConceptStatistics>;
  /** Codes of all rows; the latest run's are kept. */
  codes(run: StudyRun): Promise<Readonly<Record<Modality, SparseCodes>>>;
  /** Mean row of each modality. */
  means(): Promise<Readonly<Record<Modality, Float64Array>>>;
}

export interface FindingTable {
  /** Every row with the keys of `columns`. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** What each column holds, with its unit. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface Finding extends FindingTable {
  /** A second table, where the first does not hold everything worth keeping. */
  readonly details?: FindingTable & { readonly name: string };
  readonly figure: Figure;
  /** What the figure shows, one sentence. */
  readonly caption: string;
  /** What was found: the answer first, then a sentence for each configuration shown, then the uncertainty. */
  readonly sentences: readonly string[];
  /** Dictionaries that it rests on. */
  readonly runs: number;
}

export interface Experiment {
  /** The name on the command line. */
  readonly name: string;
  readonly title: string;
  /** What it asks, one line. */
  readonly question: string;
  /** Why the runs at hand cannot answer it; null when they can. */
  lacks(runs: readonly StudyRun[], set: SetSize): string | null;
  measure(study: PaperStudy): Promise<Finding>;
}
