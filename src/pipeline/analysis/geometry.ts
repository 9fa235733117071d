/** How concepts lie to modality, and what keeping only bimodal concepts does to gap and retrieval. */
import type { EmbeddingRows } from "../../base/rows.ts";
import { byConcept, type SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import { decodeCodes } from "../../learners/codes.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import { activationAccuracy, directionAccuracy } from "../../metrics/concept-as-classifier.ts";
import { gatherCodes } from "../../metrics/coactivation.ts";
import { absoluteCosines, modalityDirection } from "../../metrics/direction-cosines.ts";
import { labelledSample, sampleRows } from "../../metrics/labelled-sample.ts";
import { bimodalConcepts, gapBetween, keepConcepts, meanReconstruction } from "../../metrics/modality-gap.ts";
import { modalityProbe } from "../../metrics/modality-probe.ts";
import { modalitySubspace, subspaceNorms } from "../../metrics/modality-subspace.ts";
import { samplePairs } from "../../metrics/pair-sample.ts";
import { retrievalRecall, type RetrievalRecall } from "../../metrics/retrieval.ts";

/** Rows of each modality that probe, subspace and concept classifiers work on. */
const sampledRows = 4000;

/** Images that are searched among each other: retrieval compares every image with every caption. */
const searchedImages = 5000;

export interface ModalityGeometry {
  readonly directionCosine: Float64Array;
  readonly probeCosine: Float64Array;
  readonly subspaceNorm: Float64Array;
  readonly directionAccuracy: Float64Array;
  readonly activationAccuracy: Float64Array;
  readonly probeAccuracy: number;
  readonly subspaceRank: number;
  readonly subspaceAccuracies: readonly number[];
}

/** Needs rows of both modalities. */
export async function modalityGeometry(
  backend: Backend,
  dictionary: Dictionary,
  set: EmbeddingRows,
  codes: { readonly image: SparseCodes; readonly text: SparseCodes },
  means: { readonly image: Float64Array; readonly text: Float64Array },
  seed: number,
): Promise<ModalityGeometry> {
  const { atoms, concepts, dimension } = dictionary;
  const sampling = { seed, rowsPerModality: sampledRows };
  const sample = await labelledSample(set, sampling);
  const probe = modalityProbe(sample, dimension);
  const subspace = modalitySubspace(sample, dimension);
  const heldOut = (modality: "image" | "text"): Uint8Array => {
    const mask = new Uint8Array(set[modality].rows);
    for (const row of sampleRows(mask.length, `${modality} sample`, {
      ...sampling,
      rowsPerModality: mask.length,
    }).heldOut) {
      mask[row] = 1;
    }
    return mask;
  };
  return {
    directionCosine: absoluteCosines(atoms, concepts, modalityDirection(means.image, means.text)),
    probeCosine: absoluteCosines(atoms, concepts, probe.normal),
    subspaceNorm: subspaceNorms(atoms, concepts, dimension, subspace),
    directionAccuracy: await directionAccuracy(backend, sample, atoms, concepts, dimension),
    activationAccuracy: activationAccuracy(
      byConcept(codes.image),
      byConcept(codes.text),
      heldOut("image"),
      heldOut("text"),
    ),
    probeAccuracy: probe.heldOutAccuracy,
    subspaceRank: subspace.rank,
    subspaceAccuracies: subspace.accuracies,
  };
}

export interface GapAndRetrieval {
  readonly gap: number;
  readonly recall: RetrievalRecall | null;
}

/**
 * Of the rows as they are, of their reconstructions, and of those from bimodal concepts alone.
 * Retrieval is among all paired images, or among 5,000 that the seed draws.
 */
export async function gapAndRetrieval(
  backend: Backend,
  dictionary: Dictionary,
  set: EmbeddingRows,
  codes: { readonly image: SparseCodes; readonly text: SparseCodes },
  means: { readonly image: Float64Array; readonly text: Float64Array },
  meanCodes: { readonly image: Float64Array; readonly text: Float64Array },
  scores: Float64Array,
  seed: number,
): Promise<{
  /** Paired images and captions that were searched, and paired images in all. */
  searched: { images: number; texts: number; ofImages: number };
  original: GapAndRetrieval;
  reconstructed: GapAndRetrieval;
  bimodalOnly: GapAndRetrieval;
  bimodal: number;
}> {
  const { atoms, dimension } = dictionary;
  const keep = bimodalConcepts(scores);
  const sample = samplePairs(set.pairs, searchedImages, seed);
  const paired = {
    image: gatherCodes(codes.image, sample.images),
    text: gatherCodes(codes.text, sample.texts),
  };
  const recall = async (images: Float32Array, texts: Float32Array): Promise<RetrievalRecall | null> =>
    sample.images.length === 0 ? null : retrievalRecall(backend, images, texts, sample.imageOf, dimension);
  const gather = async (modality: "image" | "text", rows: Uint32Array): Promise<Float32Array> => {
    const out = new Float32Array(rows.length * dimension);
    await set[modality].gather(rows, out);
    return out;
  };
  const reconstruct = (modality: "image" | "text", only?: Uint8Array): Float32Array =>
    decodeCodes(
      only === undefined ? paired[modality] : keepConcepts(paired[modality], only),
      dictionary,
      modality,
    );
  const meanOf = (modality: "image" | "text", only?: Uint8Array): Float64Array => {
    const kept = meanCodes[modality].map((value, j) => (only === undefined || only[j] === 1 ? value : 0));
    return meanReconstruction(kept, atoms, dimension, dictionary.biases[modality].decoderBias);
  };
  return {
    searched: {
      images: sample.images.length,
      texts: sample.texts.length,
      ofImages: sample.imagesInAll,
    },
    original: {
      gap: gapBetween(means.image, means.text),
      recall: await recall(await gather("image", sample.images), await gather("text", sample.texts)),
    },
    reconstructed: {
      gap: gapBetween(meanOf("image"), meanOf("text")),
      recall: await recall(reconstruct("image"), reconstruct("text")),
    },
    bimodalOnly: {
      gap: gapBetween(meanOf("image", keep), meanOf("text", keep)),
      recall: await recall(reconstruct("image", keep), reconstruct("text", keep)),
    },
    bimodal: keep.reduce((sum, kept) => sum + kept, 0),
  };
}
