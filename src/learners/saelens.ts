/**
 * A dictionary in the tensors and settings of SAELens 6 (`cfg.json` and `sae_weights.safetensors`)
 * and back. Bytes are not handled here.
 *
 * SAELens reads: pre = x·W_enc + b_enc (with `apply_b_dec_to_input` false), standard: z = relu(pre);
 * topk: z = relu(pre) on the k largest; jumprelu: z = relu(pre)·(pre > threshold); x̂ = z·W_dec + b_dec.
 * matching_pursuit: max_iterations greedy steps on x − b_dec (with `apply_b_dec_to_input` true), atoms W_dec.
 * One folder holds one set of biases: one modality's, where centring was per modality.
 */
import { badInput } from "../base/errors.ts";
import type { Modality } from "../base/rows.ts";
import { hasSilentConcepts, type Activation, type Dictionary } from "./dictionary.ts";
import { tiedEncoderBias } from "./fold.ts";

/** The version whose layout is written; loaders below 6 take another path. */
export const saelensVersion = "6.37.6";

export interface SaelensTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface SaelensFolder {
  /** `cfg.json` */
  readonly config: Readonly<Record<string, unknown>>;
  /** `sae_weights.safetensors` */
  readonly tensors: ReadonlyMap<string, SaelensTensor>;
}

const architectures: Readonly<Partial<Record<Activation["kind"], string>>> = {
  jumprelu: "jumprelu",
  topk: "topk",
  relu: "standard",
};

/** Whether SAELens has an architecture that gives this dictionary's codes. */
export function fitsSaelens(dictionary: Dictionary): boolean {
  return architectureOf(dictionary) !== undefined;
}

function architectureOf(dictionary: Dictionary): string | undefined {
  const { activation } = dictionary;
  if (activation.kind !== "pursuit") return architectures[activation.kind];
  // Without an encoder bias nothing keeps the other modality's concepts silent.
  return activation.orthogonal || hasSilentConcepts(dictionary) ? undefined : "matching_pursuit";
}

function nameOf(dictionary: Dictionary): string {
  const { activation } = dictionary;
  const expected = `expected ${Object.keys(architectures).join(", ")} or plain pursuit codes`;
  if (activation.kind !== "pursuit") return `${activation.kind} codes; ${expected}`;
  if (activation.orthogonal) return `orthogonal pursuit codes; ${expected}`;
  return "pursuit codes of a modality-specific dictionary, whose encoder bias silences concepts; expected one that is shared";
}

export function toSaelens(
  dictionary: Dictionary,
  modality: Modality,
  metadata: Readonly<Record<string, unknown>> = {},
): SaelensFolder {
  const { dimension: d, concepts: c, activation, atoms, encoder } = dictionary;
  const architecture = architectureOf(dictionary);
  if (architecture === undefined) throw badInput(`SAELens has no architecture for ${nameOf(dictionary)}`);
  const { encoderBias, decoderBias } = dictionary.biases[modality];
  const common = {
    architecture,
    d_in: d,
    d_sae: c,
    dtype: "float32",
    device: "cpu",
    normalize_activations: "none",
    reshape_activations: "none",
    metadata: {
      ...metadata,
      sae_lens_version: saelensVersion,
      sae_lens_training_version: saelensVersion,
    },
  };
  if (activation.kind === "pursuit") {
    // Every step counts: not stopped by a small residual or by an atom that is taken again.
    const config = {
      ...common,
      apply_b_dec_to_input: true,
      residual_threshold: 0,
      max_iterations: activation.k,
      stop_on_duplicate_support: false,
    };
    const tensors = new Map<string, SaelensTensor>([
      ["W_dec", { shape: [c, d], data: atoms }],
      ["b_dec", { shape: [d], data: decoderBias }],
    ]);
    return { config, tensors };
  }
  const tensors = new Map<string, SaelensTensor>([
    ["W_enc", { shape: [d, c], data: transpose(encoder, c, d) }],
    ["W_dec", { shape: [c, d], data: atoms }],
    ["b_enc", { shape: [c], data: encoderBias }],
    ["b_dec", { shape: [d], data: decoderBias }],
  ]);
  if (activation.kind === "jumprelu") {
    tensors.set("threshold", { shape: [c], data: activation.thresholds });
  }
  const config = {
    ...common,
    apply_b_dec_to_input: false,
    ...(activation.kind === "topk" && { k: activation.k, rescale_acts_by_decoder_norm: false }),
  };
  return { config, tensors };
}

/**
 * Reads one folder, or one for each modality. Both folders of a dictionary must agree in
 * everything but their biases.
 */
export function fromSaelens(folder: SaelensFolder, textFolder: SaelensFolder = folder): Dictionary {
  const image = readFolder(folder);
  if (textFolder === folder) return { ...image, biases: { image: image.biases, text: image.biases } };
  const text = readFolder(textFolder);
  if (!same(image.atoms, text.atoms) || !same(image.encoder, text.encoder)) {
    throw badInput("the image and text folders hold different weights; expected those of one dictionary");
  }
  if (!sameActivation(image.activation, text.activation)) {
    throw badInput(
      "the image and text folders select codes differently (architecture, threshold or k); expected those of one dictionary",
    );
  }
  return { ...image, biases: { image: image.biases, text: text.biases } };
}

function readFolder({ config, tensors }: SaelensFolder) {
  const tensor = (name: string, shape: readonly number[]): Float32Array => {
    const found = tensors.get(name);
    if (!found) throw badInput(`sae_weights has no tensor ${name}; it has ${[...tensors.keys()].join(", ")}`);
    if (found.shape.join() !== shape.join()) {
      throw badInput(`${name} has shape [${found.shape.join()}]; expected [${shape.join()}]`);
    }
    return found.data;
  };
  const d = wholeNumber(config, "d_in");
  const c = wholeNumber(config, "d_sae");
  const architecture = config["architecture"] ?? "standard";
  let activation: Activation;
  if (architecture === "jumprelu") activation = { kind: "jumprelu", thresholds: tensor("threshold", [c]) };
  else if (architecture === "topk") activation = { kind: "topk", k: wholeNumber(config, "k") };
  else if (architecture === "standard") activation = { kind: "relu" };
  else if (architecture === "matching_pursuit") activation = pursuitOf(config);
  else
    throw badInput(
      `architecture is ${JSON.stringify(architecture)}; expected standard, topk, jumprelu or matching_pursuit`,
    );
  const normalisation = config["normalize_activations"] ?? "none";
  if (normalisation !== "none") {
    throw badInput(
      `normalize_activations is ${JSON.stringify(normalisation)}; expected "none", folded into the weights`,
    );
  }
  if (architecture === "matching_pursuit")
    return readPursuit(activation, tensor("W_dec", [c, d]), tensor("b_dec", [d]));
  const encoder = transpose(tensor("W_enc", [d, c]), d, c);
  const decoderBias = tensor("b_dec", [d]);
  const encoderBias = tensor("b_enc", [c]).slice();
  const atoms = tensor("W_dec", [c, d]).slice();
  // Absent means true in SAELens: pre = (x − b_dec)·W_enc + b_enc.
  if (config["apply_b_dec_to_input"] !== false) {
    for (let j = 0; j < c; j++) {
      let along = 0;
      for (let t = 0; t < d; t++) along += encoder[j * d + t] * decoderBias[t];
      encoderBias[j] -= along;
    }
  }
  const rescaled = activation.kind === "topk" && config["rescale_acts_by_decoder_norm"] === true;
  const thresholds = activation.kind === "jumprelu" ? activation.thresholds.slice() : undefined;
  for (let j = 0; j < c; j++) {
    let square = 0;
    for (let t = j * d; t < (j + 1) * d; t++) square += atoms[t] * atoms[t];
    const norm = Math.sqrt(square);
    if (norm === 0 || Math.abs(norm - 1) < 1e-6) continue;
    if (activation.kind === "topk" && !rescaled) {
      throw badInput(
        `W_dec has rows that are not of unit norm (row ${j}: ${norm.toPrecision(4)}) and rescale_acts_by_decoder_norm is off; expected unit rows, else the k largest would be others`,
      );
    }
    for (let t = j * d; t < (j + 1) * d; t++) {
      atoms[t] /= norm;
      encoder[t] *= norm;
    }
    encoderBias[j] *= norm;
    if (thresholds) thresholds[j] *= norm;
  }
  return {
    dimension: d,
    concepts: c,
    atoms,
    encoder,
    activation: thresholds ? ({ kind: "jumprelu", thresholds } as const) : activation,
    biases: { encoderBias, decoderBias },
  };
}

function pursuitOf(config: Readonly<Record<string, unknown>>): Activation {
  const expected = { residual_threshold: 0, stop_on_duplicate_support: false, apply_b_dec_to_input: true };
  for (const [key, value] of Object.entries(expected)) {
    if (config[key] !== value) {
      throw badInput(
        `cfg.json has ${key} ${JSON.stringify(config[key])}; expected ${value}: here every row takes max_iterations steps`,
      );
    }
  }
  return { kind: "pursuit", k: wholeNumber(config, "max_iterations"), orthogonal: false };
}

function readPursuit(activation: Activation, atoms: Float32Array, decoderBias: Float32Array) {
  const d = decoderBias.length;
  const c = atoms.length / d;
  for (let j = 0; j < c; j++) {
    const norm = Math.hypot(...atoms.subarray(j * d, (j + 1) * d));
    if (Math.abs(norm - 1) > 1e-5) {
      throw badInput(
        `W_dec has rows that are not of unit norm (row ${j}: ${norm.toPrecision(4)}); expected unit rows, else a pursuit would take others`,
      );
    }
  }
  const biases = { encoderBias: tiedEncoderBias(atoms, decoderBias), decoderBias };
  return { dimension: d, concepts: c, atoms, encoder: atoms, activation, biases };
}

function wholeNumber(config: Readonly<Record<string, unknown>>, key: string): number {
  const value = config[key];
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw badInput(`cfg.json has ${key} ${JSON.stringify(value)}; expected a whole number above 0`);
}

function same(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function sameActivation(a: Activation, b: Activation): boolean {
  if (a.kind === "jumprelu" && b.kind === "jumprelu") return same(a.thresholds, b.thresholds);
  if (a.kind === "topk" && b.kind === "topk") return a.k === b.k;
  if (a.kind === "pursuit" && b.kind === "pursuit") return a.k === b.k && a.orthogonal === b.orthogonal;
  return a.kind === b.kind;
}

/** rows x columns → columns x rows, in tiles that stay in cache. */
function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length);
  const tile = 32;
  for (let i0 = 0; i0 < rows; i0 += tile) {
    for (let j0 = 0; j0 < columns; j0 += tile) {
      const iEnd = Math.min(rows, i0 + tile);
      const jEnd = Math.min(columns, j0 + tile);
      for (let i = i0; i < iEnd; i++) {
        for (let j = j0; j < jEnd; j++) out[j * rows + i] = matrix[i * columns + j];
      }
    }
  }
  return out;
}
