/**
 * Reconstruction and sparsity of a finished dictionary on raw rows: by modality and by split. Rows of
 * the set that are in neither part of the split count by modality only.
 */
import { modalities, type EmbeddingRows, type Modality } from "../base/rows.ts";
import type { Backend } from "../kernels/backend.ts";
import { encodeBlocks, type EncodeOptions } from "../learners/codes.ts";
import { tolerance } from "../learners/coding/least-squares.ts";
import type { Dictionary } from "../learners/dictionary.ts";
import type { RowSplit } from "../learners/learner.ts";
import {
  mergeReconstruction,
  reconstructionMetrics,
  reconstructionSums,
  type ReconstructionSums,
} from "../metrics/reconstruction.ts";
import { ReconstructionAdder } from "./reconstruction-sums.ts";
import type { ReconstructionMetrics, RunRecord } from "../protocol/study.ts";

const trained = 1;
const heldOut = 2;

export interface MeasuredReconstruction {
  readonly metrics: RunRecord["metrics"];
  /** What the user has to know about the codes, a line each. */
  readonly notes: readonly string[];
}

export async function measureReconstruction(
  dictionary: Dictionary,
  set: EmbeddingRows,
  split: RowSplit,
  backend: Backend,
  effects: Pick<EncodeOptions, "progress" | "signal"> = {},
): Promise<MeasuredReconstruction> {
  const { dimension, concepts } = dictionary;
  const part = new Uint8Array(set.image.rows + set.text.rows);
  for (const row of split.train) part[row] = trained;
  for (const row of split.heldOut) part[row] = heldOut;

  let unsettled = 0;
  const measure = async (
    modality: Modality,
  ): Promise<readonly [ReconstructionSums, ReconstructionSums, ReconstructionSums]> => {
    const empty = (): ReconstructionSums => reconstructionSums(dimension, concepts);
    const parts = [empty(), empty(), empty()] as const;
    const first = modality === "image" ? 0 : set.image.rows;
    const adder = new ReconstructionAdder(dictionary, modality, backend);
    try {
      for await (const block of encodeBlocks(dictionary, set[modality], modality, backend, effects)) {
        unsettled += block.unsettled;
        await adder.add(block, (r) => parts[part[first + block.start + r] as 0 | 1 | 2]);
      }
    } finally {
      adder.free();
    }
    return parts;
  };

  const sums = { image: await measure("image"), text: await measure("text") };
  const whole = (modality: Modality): ReconstructionSums => sums[modality].reduce(mergeReconstruction);
  const both = (which: 1 | 2): ReconstructionSums => mergeReconstruction(sums.image[which], sums.text[which]);
  const [image, text] = modalities.map(whole) as [ReconstructionSums, ReconstructionSums];
  const metrics = {
    all: reconstructionMetrics(mergeReconstruction(image, text)),
    image: report(image),
    text: report(text),
    train: reconstructionMetrics(both(trained)),
    heldOut: report(both(heldOut)),
  };
  const rows = set.image.rows + set.text.rows;
  const notes =
    unsettled === 0
      ? []
      : [
          `codes of ${unsettled} of ${rows} rows stopped short of their tolerance (${tolerance} of a row's largest correlation): they are close to the least-squares solution, not at it`,
        ];
  return { metrics, notes };
}

function report(part: ReconstructionSums): ReconstructionMetrics | null {
  return part.rows === 0 ? null : reconstructionMetrics(part);
}
