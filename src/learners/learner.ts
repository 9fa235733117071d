/**
 * The contract that every method of learning a dictionary keeps. `registry.ts` lists them; the
 * contract tests walk that list.
 */
import type { EmbeddingRows, Modality } from "../base/rows.ts";
import type { Progress } from "../base/progress.ts";
import type { Backend } from "../kernels/backend.ts";
import type { Dictionary } from "./dictionary.ts";

/** How rows are centred before learning: by one mean, by one mean per modality, or not. */
export type Centring = "global" | "per-modality" | "none";

/** One logged moment of training. Every key becomes a column of the history table. */
export type HistoryRow = Readonly<Record<string, number>>;

/** Everything a run needs to continue with the same bytes; tensors by name, the rest as JSON. */
export interface Checkpoint {
  readonly tensors: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly data: Float32Array | Uint32Array }
  >;
  readonly state: unknown;
}

export interface FitContext {
  readonly backend: Backend;
  readonly progress: Progress;
  /** Called with each row of history as it is logged. */
  readonly log: (row: HistoryRow) => void;
  /** Aborting makes `fit` write a checkpoint and throw `cancelled`. */
  readonly signal?: AbortSignal;
  /** Where to continue from. */
  readonly resume?: Checkpoint;
  /** Receives a checkpoint at the configured interval and on abort; awaited before going on. */
  readonly checkpoint?: (checkpoint: Checkpoint) => Promise<void>;
  /** Asked after each step where no interval is configured: whether it is time for a checkpoint. */
  readonly checkpointDue?: () => boolean;
  /** Reads the vocabulary that the user named (`fixed-text`). */
  readonly vocabulary?: (name: string) => Promise<Vocabulary>;
}

/** Embeddings of texts that are given as concepts. */
export interface Vocabulary {
  /** c x d */
  readonly vectors: Float32Array;
  /** c; null where there are none. */
  readonly names: readonly string[] | null;
}

/** The rows a run trains on and those it only evaluates, numbered with images first. */
export interface RowSplit {
  readonly train: Uint32Array;
  readonly heldOut: Uint32Array;
}

export interface Fitted {
  readonly dictionary: Dictionary;
  /**
   * c x d, the atoms before the first step: the baseline that stability has to beat. null for
   * methods that have no start, such as pca.
   */
  readonly initialAtoms: Float32Array | null;
  readonly split: RowSplit;
  /** The centring and scaling that were folded into the dictionary. */
  readonly preparation: {
    readonly centring: Centring;
    readonly mean: { readonly image: Float32Array; readonly text: Float32Array };
    /** One for both, or one each in the modality-specific design. */
    readonly scale: number | Readonly<Record<Modality, number>>;
  };
  readonly steps: number;
  /** Why training ended: "completed", "plateau", or "converged" (within the tolerance). */
  readonly ended: string;
  /** The rows whose L0 set the threshold, where the method has one to set. */
  readonly calibratedOn?: "train" | "held-out";
  /** What the user has to know about this run, a line each; empty when all went as asked. */
  readonly notes: readonly string[];
  /** What the concepts are called, where the method knows. */
  readonly conceptNames?: readonly string[];
  /** Which image concept goes with which text concept, in the modality-specific design. */
  readonly matches?: readonly ConceptMatch[];
}

/** A concept of images matched with one of texts. */
export interface ConceptMatch {
  readonly imageConcept: number;
  readonly textConcept: number;
  /** Pearson correlation of their activations over pairs of training rows; null where one is constant. */
  readonly correlation: number | null;
  /** Cosine of the atoms. */
  readonly cosine: number;
  /** Pairs on which both are active. */
  readonly coactive: number;
}

/** "sae": gradient steps on batches. "factorization": the matrix of all training rows at once. */
export type LearnerFamily = "sae" | "factorization";

export interface Learner<Config extends object = object> {
  /** The name on the command line: "batch-topk". */
  readonly name: string;
  /** One line for help. */
  readonly summary: string;
  readonly family: LearnerFamily;
  /**
   * How many concepts are active on a row: all of them, one, or some, as options and rows have it (also
   * where a learner does not say). `concepts`: how many it is given, null: its own default.
   */
  activity?(concepts: number | null, dimension: number): "all" | "one" | "some";
  /** Fills in defaults from the set's size; throws `bad-usage` for values that cannot be. */
  configure(
    options: Readonly<Record<string, unknown>>,
    set: { readonly rows: number; readonly dimension: number },
  ): Config;
  fit(data: EmbeddingRows, config: Config, context: FitContext): Promise<Fitted>;
}
