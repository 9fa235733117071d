/**
 * The modality-specific design: one dictionary per modality, trained on that modality's rows alone
 * and put together in one, so that every concept belongs to a modality; afterwards the concepts of
 * both are matched over the pairs (match-concepts.ts).
 *
 * Lee, Kwon, Min & Sohn, arXiv 2606.29888 (its abstract is what is known here: separate
 * autoencoders, corresponding concepts aligned afterwards). Ours: concepts of the other modality
 * are kept silent by their encoder bias; the matching is the best one-to-one assignment.
 */
import { badInput } from "../../base/errors.ts";
import { modalities, rowsInMemory } from "../../base/rows.ts";
import type { EmbeddingRows, Modality } from "../../base/rows.ts";
import { silentBias } from "../dictionary.ts";
import type { Activation, Dictionary, ModalityBiases } from "../dictionary.ts";
import type { FitContext, Fitted, RowSplit } from "../learner.ts";
import type { SaeConfig } from "./config.ts";
import { matchConcepts } from "./match-concepts.ts";
import type { SaeMethod } from "./method.ts";
import { phaseContext, finishedPart } from "./modality-phases.ts";
import { train } from "./train.ts";

/** Images first: their concepts are 0 … imageConcepts − 1. */
export async function trainModalitySpecific(
  method: SaeMethod,
  data: EmbeddingRows,
  config: SaeConfig,
  context: FitContext,
): Promise<Fitted> {
  if (data.image.rows === 0 || data.text.rows === 0) {
    throw badInput(
      `the set has ${data.image.rows} image rows and ${data.text.rows} text rows; the modality-specific design needs both, use --design shared`,
    );
  }
  const parts = { image: partConfig(config, data, "image"), text: partConfig(config, data, "text") };
  const image =
    finishedPart(context.resume) ??
    (await train(method, only(data, "image"), parts.image, phaseContext(context, { modality: "image" })));
  const text = await train(
    method,
    only(data, "text"),
    parts.text,
    phaseContext(context, { modality: "text", image, batch: parts.image.batch }),
  );
  const fitted = joined({ image, text }, data.image.rows);
  if (data.pairs.image.length === 0) {
    return { ...fitted, notes: [...fitted.notes, "the set has no pairs: the concepts were not matched"] };
  }
  const matches = await matchConcepts(
    fitted.dictionary,
    image.dictionary.concepts,
    data,
    fitted.split,
    context.backend,
    context.signal === undefined ? {} : { signal: context.signal },
  );
  return { ...fitted, matches };
}

/** The rows of one modality; the other has none. */
function only(data: EmbeddingRows, modality: Modality): EmbeddingRows {
  const none = rowsInMemory(new Float32Array(0), data.dimension);
  const pairs = { image: new Uint32Array(0), text: new Uint32Array(0) };
  return { dimension: data.dimension, image: none, text: none, pairs, [modality]: data[modality] };
}

function partConfig(config: SaeConfig, data: EmbeddingRows, modality: Modality): SaeConfig {
  const { rows } = data[modality];
  const ofImages = config.imageConcepts ?? Math.floor(config.concepts / 2);
  const trainRows = rows - Math.round(config.heldOut * rows);
  if (trainRows < 1) {
    throw badInput(
      `${rows} ${modality} rows with heldOut ${config.heldOut} leave none to train on; use --design shared`,
    );
  }
  const concepts = modality === "image" ? ofImages : config.concepts - ofImages;
  const { prefixes } = config;
  return {
    ...config,
    design: "shared",
    concepts,
    prefixes: Array.isArray(prefixes) ? partPrefixes(prefixes, concepts, config.concepts) : prefixes,
    batch: Math.min(config.batch, trainRows),
  };
}

/** Nested widths of a part: the same shares of its concepts. */
function partPrefixes(widths: readonly number[], part: number, whole: number): readonly number[] {
  return [...new Set(widths.map((width) => Math.ceil((width / whole) * part)))];
}

function joined(parts: Readonly<Record<Modality, Fitted>>, imageRows: number): Fitted {
  const { image, text } = parts;
  const dictionary = joinDictionaries(image.dictionary, text.dictionary);
  return {
    dictionary,
    initialAtoms:
      image.initialAtoms && text.initialAtoms ? stacked(image.initialAtoms, text.initialAtoms) : null,
    split: joinSplits(image.split, text.split, imageRows),
    preparation: {
      centring: image.preparation.centring === "none" ? "none" : "per-modality",
      mean: { image: image.preparation.mean.image, text: text.preparation.mean.text },
      scale: { image: scaleOf(image, "image"), text: scaleOf(text, "text") },
    },
    steps: image.steps + text.steps,
    ...(image.calibratedOn &&
      image.calibratedOn === text.calibratedOn && { calibratedOn: image.calibratedOn }),
    ended: image.ended === text.ended ? image.ended : `${image.ended} (images), ${text.ended} (texts)`,
    notes: modalities.flatMap((modality) => parts[modality].notes.map((note) => `${modality} rows: ${note}`)),
  };
}

function scaleOf({ preparation: { scale } }: Fitted, modality: Modality): number {
  return typeof scale === "number" ? scale : scale[modality];
}

/** Concepts of the first, which apply to images alone, then those of the second, which apply to texts. */
export function joinDictionaries(image: Dictionary, text: Dictionary): Dictionary {
  const silent = (count: number): Float32Array => new Float32Array(count).fill(silentBias);
  const ofImage = image.biases.image;
  const ofText = text.biases.text;
  const biases: Record<Modality, ModalityBiases> = {
    image: { ...ofImage, encoderBias: stacked(ofImage.encoderBias, silent(text.concepts)) },
    text: { ...ofText, encoderBias: stacked(silent(image.concepts), ofText.encoderBias) },
  };
  return {
    dimension: image.dimension,
    concepts: image.concepts + text.concepts,
    atoms: stacked(image.atoms, text.atoms),
    encoder: stacked(image.encoder, text.encoder),
    activation: joinActivations(image.activation, text.activation),
    biases,
  };
}

function joinActivations(image: Activation, text: Activation): Activation {
  if (image.kind === "jumprelu" && text.kind === "jumprelu") {
    return { kind: "jumprelu", thresholds: stacked(image.thresholds, text.thresholds) };
  }
  if (image.kind === "topk" && text.kind === "topk" && image.k === text.k) return image;
  if (image.kind === "pursuit" && text.kind === "pursuit" && image.k === text.k) return image;
  if (image.kind === "relu" && text.kind === "relu") return image;
  throw badInput(
    `codes of kind ${image.kind} have no encoder bias that could silence the other modality's concepts; use --design shared`,
  );
}

function joinSplits(image: RowSplit, text: RowSplit, imageRows: number): RowSplit {
  const joinRows = (ofImage: Uint32Array, ofText: Uint32Array): Uint32Array => {
    const out = new Uint32Array(ofImage.length + ofText.length);
    out.set(ofImage);
    out.set(
      ofText.map((row) => row + imageRows),
      ofImage.length,
    );
    return out;
  };
  return { train: joinRows(image.train, text.train), heldOut: joinRows(image.heldOut, text.heldOut) };
}

function stacked(above: Float32Array, below: Float32Array): Float32Array {
  const out = new Float32Array(above.length + below.length);
  out.set(above);
  out.set(below, above.length);
  return out;
}
