/** Reconstruction and sparsity of a finished dictionary on raw rows: by modality and by split. */
import { modalities, type EmbeddingRows, type Modality } from "../base/rows.ts";
import type { Backend } from "../kernels/backend.ts";
import { encodeBlocks } from "../learners/codes.ts";
import type { Dictionary } from "../learners/dictionary.ts";
import type { RowSplit } from "../learners/learner.ts";
import {
  addReconstruction,
  mergeReconstruction,
  reconstructionMetrics,
  reconstructionSums,
  type ReconstructionSums,
} from "../metrics/reconstruction.ts";
import type { ReconstructionMetrics, RunRecord } from "../protocol/study.ts";

export async function measureReconstruction(
  dictionary: Dictionary,
  set: EmbeddingRows,
  split: RowSplit,
  backend: Backend,
): Promise<RunRecord["metrics"]> {
  const { dimension, concepts, atoms } = dictionary;
  const heldOut = new Uint8Array(set.image.rows + set.text.rows);
  for (const row of split.heldOut) heldOut[row] = 1;

  const measure = async (
    modality: Modality,
  ): Promise<{ train: ReconstructionSums; held: ReconstructionSums }> => {
    const train = reconstructionSums(dimension, concepts);
    const held = reconstructionSums(dimension, concepts);
    const first = modality === "image" ? 0 : set.image.rows;
    for await (const { start, codes, rows } of encodeBlocks(dictionary, set[modality], modality, backend)) {
      for (let r = 0; r < codes.rows; r++) {
        const sums = heldOut[first + start + r] === 1 ? held : train;
        const x = rows.subarray(r * dimension, (r + 1) * dimension);
        addReconstruction(sums, x, 1, codes, r, atoms, dictionary.biases[modality].decoderBias);
      }
    }
    return { train, held };
  };

  const sums = { image: await measure("image"), text: await measure("text") };
  const whole = (modality: Modality): ReconstructionSums =>
    mergeReconstruction(sums[modality].train, sums[modality].held);
  const [image, text] = modalities.map(whole) as [ReconstructionSums, ReconstructionSums];
  return {
    all: reconstructionMetrics(mergeReconstruction(image, text)),
    image: report(image),
    text: report(text),
    train: reconstructionMetrics(mergeReconstruction(sums.image.train, sums.text.train)),
    heldOut: report(mergeReconstruction(sums.image.held, sums.text.held)),
  };
}

function report(part: ReconstructionSums): ReconstructionMetrics | null {
  return part.rows === 0 ? null : reconstructionMetrics(part);
}
