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
  const biases = (mu: Float32Array): ModalityBiases => {
    const decoderBias = trained.decoderBias.map((bias, t) => bias / scale + mu[t]);
    if (activation.kind !== "pursuit") return { encoderBias: encoderBiasAt(mu), decoderBias };
    return { encoderBias: tiedEncoderBias(trained.atoms, decoderBias), decoderBias };
  };
  const encoderBiasAt = (mu: Float32Array): Float32Array =>
    trained.encoderBias.map((bias, j) => {
      let along = 0;
      for (let t = 0; t < d; t++) along += trained.encoder[j * d + t] * mu[t];
      return bias / scale - along;
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

/** −D·b (c): what a decoder bias taken off the rows does to their correlations with the atoms. */
export function tiedEncoderBias(atoms: Float32Array, decoderBias: Float32Array): Float32Array {
  const d = decoderBias.length;
  return Float32Array.from({ length: atoms.length / d }, (_, j) => {
    let along = 0;
    for (let t = 0; t < d; t++) along += atoms[j * d + t] * decoderBias[t];
    return -along;
  });
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
