/**
 * Folds centring and scaling into the weights, so that the dictionary applies to raw rows.
 *
 * Trained: x′ = s·(x − μ), p = E·x′ + b_enc, x̂′ = zᵀD + b_dec. With z̃ = z/s in raw units:
 * p̃ = E·x + (b_enc/s − E·μ), θ̃ = θ/s, l̃1 = l1/s, x̂ = z̃ᵀD + (b_dec/s + μ). Encoder and atoms stay as they are,
 * and atoms of unit norm keep it.
 */
import type { Activation, Dictionary, ModalityBiases } from "./dictionary.ts";
import type { Preparation } from "./preparation.ts";

export interface TrainedWeights {
  readonly encoder: Float32Array;
  readonly encoderBias: Float32Array;
  readonly atoms: Float32Array;
  readonly decoderBias: Float32Array;
}

export function fold(
  trained: TrainedWeights,
  activation: Activation,
  { mean, scale }: Pick<Preparation, "mean" | "scale">,
): Dictionary {
  const d = trained.decoderBias.length;
  const c = trained.encoderBias.length;
  const biases = (mu: Float32Array): ModalityBiases => ({
    encoderBias: trained.encoderBias.map((bias, j) => {
      let along = 0;
      for (let t = 0; t < d; t++) along += trained.encoder[j * d + t] * mu[t];
      return bias / scale - along;
    }),
    decoderBias: trained.decoderBias.map((bias, t) => bias / scale + mu[t]),
  });
  const image = biases(mean.image);
  const text = mean.text === mean.image ? image : biases(mean.text);
  return {
    dimension: d,
    concepts: c,
    atoms: trained.atoms,
    encoder: trained.encoder,
    activation: unscaled(activation, scale),
    biases: { image, text },
  };
}

/** Thresholds and penalties in units of the raw rows. */
function unscaled(activation: Activation, scale: number): Activation {
  switch (activation.kind) {
    case "jumprelu":
      return { kind: "jumprelu", thresholds: activation.thresholds.map((theta) => theta / scale) };
    case "nearest":
      return { kind: "nearest", lengths: activation.lengths.map((length) => length / scale) };
    case "least-squares":
      return { ...activation, l1: activation.l1 / scale };
    default:
      return activation;
  }
}
