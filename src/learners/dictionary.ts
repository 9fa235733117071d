/**
 * What training makes: c concepts with unit-norm atoms, their encoder, thresholds and biases.
 *
 * Centring and scaling used in training are already folded in, so a dictionary applies to raw
 * rows: for a row x of modality M,
 *   p = E·x + encoderBias_M,   z_j = p_j where the activation keeps it, else 0,   x̂ = zᵀD + decoderBias_M.
 * With global or no centring both modalities share their biases (the same arrays).
 */
import type { Modality } from "../base/rows.ts";

export type Activation =
  /** z = p where p > max(θ, 0). BatchTopK dictionaries are this with one θ for all concepts. */
  | { readonly kind: "jumprelu"; readonly thresholds: Float32Array }
  /** z = p for the k largest positive p of each row. */
  | { readonly kind: "topk"; readonly k: number }
  /**
   * Up to k greedy steps on what is left of x − decoderBias: see sae/pursuit.ts. The encoder is the
   * dictionary, encoderBias = −D·decoderBias, or `silentBias` for concepts of the other modality.
   */
  | { readonly kind: "pursuit"; readonly k: number; readonly orthogonal: boolean }
  /** z = p where p > 0. */
  | { readonly kind: "relu" }
  /** z = p, signed, every concept on every row (pca, svd, ica). */
  | { readonly kind: "linear" }
  /** z_j = lengths_j for the concept j with the largest p, 0 for all others (k-means). */
  | { readonly kind: "nearest"; readonly lengths: Float32Array }
  /**
   * z = argmin ½‖x − decoderBias − zᵀD‖² + l1·Σ|z_j|, z ≥ 0 where `positive`. With `parts` P (c x 2d,
   * D = P⁺ − P⁻ their halves' difference) the positive and negative part of x − decoderBias are
   * approximated side by side: ½‖[(x − b)⁺, (x − b)⁻] − zᵀP‖².
   */
  | {
      readonly kind: "least-squares";
      readonly positive: boolean;
      readonly l1: number;
      readonly parts?: Float32Array;
    };

/** Whether codes can be negative: a concept is then active with either sign. */
export function hasSignedCodes({ activation }: Dictionary): boolean {
  return activation.kind === "linear" || (activation.kind === "least-squares" && !activation.positive);
}

export interface ModalityBiases {
  /** c */
  readonly encoderBias: Float32Array;
  /** d */
  readonly decoderBias: Float32Array;
}

export interface Dictionary {
  /** d */
  readonly dimension: number;
  /** c */
  readonly concepts: number;
  /** c x d, rows of unit norm. */
  readonly atoms: Float32Array;
  /** c x d: row j is the encoder direction of concept j. */
  readonly encoder: Float32Array;
  readonly activation: Activation;
  readonly biases: Readonly<Record<Modality, ModalityBiases>>;
}

/** The encoder bias of a concept in the modality it does not belong to: below every threshold, yet finite. */
export const silentBias = -1e30;

/** True where some concepts cannot fire in one modality: those of a modality-specific dictionary. */
export function hasSilentConcepts({ biases }: Dictionary): boolean {
  const isSilent = (bias: number): boolean => bias <= silentBias / 2;
  return biases.image.encoderBias.some(isSilent) || biases.text.encoderBias.some(isSilent);
}

/** True when one set of biases serves both modalities. */
export function sharesBiases(dictionary: Dictionary): boolean {
  const { image, text } = dictionary.biases;
  return image.encoderBias === text.encoderBias && image.decoderBias === text.decoderBias;
}
