/**
 * What tells one sparse autoencoder from another inside the common training loop: which
 * pre-activations become codes, what is penalised, and how its sparsity is steered.
 */
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend, Selection } from "../../kernels/backend.ts";
import type { Activation } from "../dictionary.ts";
import type { TrainedWeights } from "../fold.ts";
import type { MethodDefaults, SaeConfig } from "./config.ts";
import type { Objective } from "./objective.ts";
import type { Parameters } from "./parameters.ts";

export interface SaeMethod extends MethodDefaults {
  /** One line for help. */
  readonly summary: string;
  /** How the encoder starts, given `cut`, the batch-topk threshold of the initial dictionary. */
  readonly start: {
    /** Initial encoder bias as a multiple of the cut. */
    readonly bias: number;
    /** Initial thresholds as a multiple of the cut; 0: none. */
    readonly threshold: number;
  };
  /** True where the run trains `Parameters.logScale`. */
  readonly scalesMagnitudes?: boolean;
  begin(config: SaeConfig, parameters: Parameters, cut: number): MethodRun;
}

/** One run of a method; its numbers are part of every checkpoint. */
export interface MethodRun {
  /** Which pre-activations of a training batch become codes. */
  select(rows: number): Selection;
  /** Added to the gradient of every active code. */
  codePenalty(rows: number): number;
  /** How thresholds learn, where they do. */
  learnThresholds(rows: number): { bandwidth: number; penalty: number } | null;
  /** True where `observe` needs the number of active codes rather than that of stored ones. */
  readonly countsActive: boolean;
  /** Told after each step what the batch gave. */
  observe(step: { activePerSample: number; smallest: number }): void;
  /** Which pre-activations of rows that are only evaluated become codes, as things stand. */
  evaluate(): Selection | { readonly kind: "common-threshold"; readonly threshold: number };
  /** Named values for the history, the same names in every row. */
  values(): Record<string, number>;
  state(): readonly number[];
  restore(state: readonly number[]): void;
  /** The activation of the finished dictionary before calibration; `thresholds` as trained. */
  activation(thresholds: Float32Array): Activation;
  readonly calibration: Calibration;
  /** The loss of a step, where it is more than that of one reconstruction. */
  objective?(backend: Backend): Objective;
  /** What turns the selected pre-activations into codes as things stand, where they are not the same. */
  magnitudes?(backend: Backend): Promise<(selected: SparseCodes) => SparseCodes>;
  /** The trained weights of a run with `magnitudes` as those of a jumprelu dictionary, which needs none. */
  asJumpReLU?(trained: TrainedWeights, backend: Backend): Promise<ScaledWeights>;
}

export interface ScaledWeights {
  readonly weights: TrainedWeights;
  /** c: what every concept's encoder was multiplied by. */
  readonly scales: Float32Array;
}

/**
 * How the finished activation is brought to its L0 on the calibration rows (the held-out ones where
 * they are enough): by a common factor on the thresholds, by a common shift of the encoder biases,
 * by a common shift of the gates (thresholds move by it times their concept's scale), or not at all.
 */
export interface Calibration {
  readonly by: "factor" | "shift" | "gate" | "none";
  readonly activePerSample: number;
}
