/**
 * A dictionary as named tensors and a few settings, and back: the layout of those that SAELens has
 * no architecture for (`dictionary.json` and `dictionary.safetensors`). Bytes are not handled here.
 *
 * Tensors: atoms [c, d], encoder [c, d], encoder_bias [c], decoder_bias [d]; where the modalities'
 * biases differ, image.encoder_bias … text.decoder_bias instead; thresholds [c] (jumprelu) and
 * parts [c, 2d] (least-squares of split rows). docs/study-folder.md says how
 * codes follow from them.
 */
import { badInput } from "../base/errors.ts";
import { sharesBiases, type Activation, type Dictionary, type ModalityBiases } from "./dictionary.ts";

export interface DictionaryTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface DictionaryTensors {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tensors: ReadonlyMap<string, DictionaryTensor>;
}

export function toTensors(dictionary: Dictionary): DictionaryTensors {
  const { dimension: d, concepts: c, atoms, encoder, biases, activation } = dictionary;
  const tensors = new Map<string, DictionaryTensor>([
    ["atoms", { shape: [c, d], data: atoms }],
    ["encoder", { shape: [c, d], data: encoder }],
  ]);
  const put = (prefix: string, { encoderBias, decoderBias }: ModalityBiases): void => {
    tensors.set(`${prefix}encoder_bias`, { shape: [c], data: encoderBias });
    tensors.set(`${prefix}decoder_bias`, { shape: [d], data: decoderBias });
  };
  if (sharesBiases(dictionary)) put("", biases.image);
  else {
    put("image.", biases.image);
    put("text.", biases.text);
  }
  if (activation.kind === "jumprelu") {
    tensors.set("thresholds", { shape: [c], data: activation.thresholds });
  }
  if (activation.kind === "least-squares" && activation.parts) {
    tensors.set("parts", { shape: [c, 2 * d], data: activation.parts });
  }
  if (activation.kind === "nearest") tensors.set("lengths", { shape: [c], data: activation.lengths });
  const settings = { dimension: d, concepts: c, activation: settingsOf(activation) };
  return { settings, tensors };
}

/** The activation without its arrays, which are tensors. */
function settingsOf(activation: Activation): Readonly<Record<string, unknown>> {
  if (activation.kind === "jumprelu" || activation.kind === "nearest") return { kind: activation.kind };
  if (activation.kind !== "least-squares") return activation;
  const { kind, positive, l1, parts } = activation;
  return { kind, positive, l1, split: parts !== undefined };
}

export function fromTensors({ settings, tensors }: DictionaryTensors): Dictionary {
  const d = wholeNumber(settings, "dimension");
  const c = wholeNumber(settings, "concepts");
  const tensor = (name: string, shape: readonly number[]): Float32Array => {
    const found = tensors.get(name);
    if (!found) {
      throw badInput(
        `the dictionary's weights have no tensor ${name}; they have ${[...tensors.keys()].join(", ")}`,
      );
    }
    if (found.shape.join() === shape.join()) return found.data;
    throw badInput(`${name} has shape [${found.shape.join()}]; expected [${shape.join()}]`);
  };
  const take = (prefix: string): ModalityBiases => ({
    encoderBias: tensor(`${prefix}encoder_bias`, [c]),
    decoderBias: tensor(`${prefix}decoder_bias`, [d]),
  });
  const image = take(tensors.has("encoder_bias") ? "" : "image.");
  const text = tensors.has("encoder_bias") ? image : take("text.");
  return {
    dimension: d,
    concepts: c,
    atoms: tensor("atoms", [c, d]),
    encoder: tensor("encoder", [c, d]),
    activation: activationOf(settings["activation"], tensor, c, d),
    biases: { image, text },
  };
}

function activationOf(
  settings: unknown,
  tensor: (name: string, shape: readonly number[]) => Float32Array,
  c: number,
  d: number,
): Activation {
  const values: Readonly<Record<string, unknown>> =
    typeof settings === "object" && settings !== null ? { ...settings } : {};
  switch (values["kind"]) {
    case "jumprelu":
      return { kind: "jumprelu", thresholds: tensor("thresholds", [c]) };
    case "topk":
      return { kind: "topk", k: wholeNumber(values, "k") };
    case "relu":
      return { kind: "relu" };
    case "pursuit": {
      const { orthogonal } = values;
      if (typeof orthogonal !== "boolean") {
        throw badInput(
          `the dictionary's activation is ${JSON.stringify(settings)}; expected orthogonal (true or false)`,
        );
      }
      return { kind: "pursuit", k: wholeNumber(values, "k"), orthogonal };
    }
    case "linear":
      return { kind: "linear" };
    case "nearest":
      return { kind: "nearest", lengths: tensor("lengths", [c]) };
    case "least-squares": {
      const { positive, l1, split } = values;
      if (typeof positive !== "boolean" || typeof l1 !== "number" || !(l1 >= 0)) {
        throw badInput(
          `the dictionary's activation is ${JSON.stringify(settings)}; expected positive (true or false) and l1 (0 or more)`,
        );
      }
      const parts = split === true ? { parts: tensor("parts", [c, 2 * d]) } : {};
      return { kind: "least-squares", positive, l1, ...parts };
    }
    default:
      throw badInput(
        `the dictionary's activation is ${JSON.stringify(settings)}; expected one that this version of viaduct knows`,
      );
  }
}

function wholeNumber(values: Readonly<Record<string, unknown>>, key: string): number {
  const value = values[key];
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw badInput(`the dictionary's ${key} is ${JSON.stringify(value)}; expected a whole number above 0`);
}
