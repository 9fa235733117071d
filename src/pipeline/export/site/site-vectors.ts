/**
 * What a static export keeps of weights and embeddings: the atoms with the decoder biases, or all weights
 * where the page encodes with them; and how alike the rows of every pair are.
 */
import type { Modality } from "../../../base/rows.ts";
import { writeNpy } from "../../../formats/npy.ts";
import { writeSafetensors } from "../../../formats/safetensors.ts";
import type { Dictionary } from "../../../learners/dictionary.ts";
import { toTensors, type DictionaryTensor } from "../../../learners/dictionary-tensors.ts";
import type { EmbeddingSet } from "../../embedding-set.ts";

/** Tensors that the explorer reads row by row. */
export const exportedTensors = {
  atoms: "atoms",
  bias: (modality: Modality) => `${modality}.decoder_bias`,
} as const;

/** Atoms c x d and the decoder bias of each modality, d; float32. */
export function atomsFile(dictionary: Dictionary): Uint8Array {
  return writeSafetensors(readByRow(dictionary));
}

/** The same tensors, and with them all that encoding takes. */
export function weightsFile(dictionary: Dictionary): {
  readonly file: Uint8Array;
  readonly settings: Record<string, unknown>;
} {
  const { settings, tensors } = toTensors(dictionary);
  const all = { ...Object.fromEntries(tensors), ...readByRow(dictionary) };
  return { file: writeSafetensors(all), settings: { ...settings } };
}

function readByRow({ atoms, concepts, dimension, biases }: Dictionary): Record<string, DictionaryTensor> {
  const { bias } = exportedTensors;
  const shape = [dimension];
  return {
    [exportedTensors.atoms]: { shape: [concepts, dimension], data: atoms },
    [bias("image")]: { shape, data: biases.image.decoderBias },
    [bias("text")]: { shape, data: biases.text.decoderBias },
  };
}

const block = 1024;

/** ⟨x image, x text⟩ of every pair in their order, p x 1, float32. */
export async function pairSimilarities(
  { embeddings: { image, text, pairs, dimension } }: EmbeddingSet,
  report: (done: number, total: number) => void,
): Promise<Uint8Array> {
  const total = pairs.image.length;
  const products = new Float32Array(total);
  const [x, y] = [new Float32Array(block * dimension), new Float32Array(block * dimension)];
  for (let start = 0; start < total; start += block) {
    report(start, total);
    const end = Math.min(total, start + block);
    await image.gather(pairs.image.subarray(start, end), x);
    await text.gather(pairs.text.subarray(start, end), y);
    for (let p = start; p < end; p++) {
      let sum = 0;
      for (let q = (p - start) * dimension; q < (p - start + 1) * dimension; q++) sum += x[q]! * y[q]!;
      products[p] = sum;
    }
  }
  return writeNpy(products, [total, 1]);
}
