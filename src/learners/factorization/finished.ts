/** What a factorisation found in prepared rows, as a dictionary that applies to raw ones. */
import type { Activation } from "../dictionary.ts";
import { fold } from "../fold.ts";
import type { Fitted, RowSplit } from "../learner.ts";
import type { Preparation } from "../preparation.ts";

/** The rows that a factorisation learned from: which they are, and what was taken off them. */
export interface LearnedFrom {
  readonly dimension: number;
  readonly split: RowSplit;
  readonly preparation: Pick<Preparation, "centring" | "mean" | "scale">;
}

export interface Found extends Pick<Fitted, "steps" | "ended" | "conceptNames"> {
  /** c x d, rows of unit norm. */
  readonly atoms: Float32Array;
  /** c x d; default: the atoms. */
  readonly encoder?: Float32Array;
  /** c; default: zeros. */
  readonly encoderBias?: Float32Array;
  readonly activation: Activation;
  /** c x d; default: none. */
  readonly initialAtoms?: Float32Array;
  /** Default: none. */
  readonly notes?: readonly string[];
}

export function finished({ dimension, split, preparation }: LearnedFrom, found: Found): Fitted {
  const { atoms, encoder = atoms, activation, initialAtoms = null, notes = [], conceptNames } = found;
  const { encoderBias = new Float32Array(atoms.length / dimension) } = found;
  const { centring, mean, scale } = preparation;
  const weights = { atoms, encoder, encoderBias, decoderBias: new Float32Array(dimension) };
  return {
    dictionary: fold(weights, activation, preparation),
    initialAtoms,
    split,
    preparation: { centring, mean, scale },
    steps: found.steps,
    ended: found.ended,
    notes,
    ...(conceptNames && { conceptNames }),
  };
}
