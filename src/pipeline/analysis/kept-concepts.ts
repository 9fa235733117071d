/** Modality gap and retrieval recall of the reconstructions from chosen concepts alone (arXiv 2602.06218). */
import type { EmbeddingRows, Modality } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import { decodeCodes } from "../../learners/codes.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import { gatherCodes } from "../../metrics/coactivation.ts";
import { conceptActivity } from "../../metrics/concept-activity.ts";
import { meanCode } from "../../metrics/energy.ts";
import { gapBetween, keepConcepts, meanReconstruction } from "../../metrics/modality-gap.ts";
import { groupPairs } from "../../metrics/pair-groups.ts";
import { retrievalRecall } from "../../metrics/retrieval.ts";
import type { GapAndRetrieval } from "./geometry.ts";

/** Measures after leaving out every concept that `keep` (c) does not mark; without `keep`, of all. */
export function keptConcepts(
  backend: Backend,
  dictionary: Dictionary,
  set: EmbeddingRows,
  codes: Readonly<Record<Modality, SparseCodes>>,
): (keep?: Uint8Array) => Promise<GapAndRetrieval> {
  const { atoms, dimension, biases } = dictionary;
  const groups = groupPairs(set.pairs);
  const paired = {
    image: gatherCodes(codes.image, groups.images),
    text: gatherCodes(codes.text, set.pairs.text),
  };
  const meanCodes = {
    image: meanCode(conceptActivity(codes.image)),
    text: meanCode(conceptActivity(codes.text)),
  };
  return async (keep) => {
    const meanOf = (modality: Modality): Float64Array => {
      const kept = meanCodes[modality].map((value, j) => (keep === undefined || keep[j] === 1 ? value : 0));
      return meanReconstruction(kept, atoms, dimension, biases[modality].decoderBias);
    };
    const rebuilt = (modality: Modality): Float32Array =>
      decodeCodes(
        keep === undefined ? paired[modality] : keepConcepts(paired[modality], keep),
        dictionary,
        modality,
      );
    return {
      gap: gapBetween(meanOf("image"), meanOf("text")),
      recall:
        groups.images.length === 0
          ? null
          : await retrievalRecall(backend, rebuilt("image"), rebuilt("text"), groups.groupOf, dimension),
    };
  };
}
