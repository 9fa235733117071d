/**
 * Modality gap and retrieval recall, of the rows as they are and of their reconstructions from chosen
 * concepts alone (arXiv 2602.06218). Retrieval is among all paired images, or among 5,000 that the
 * seed draws.
 */
import type { EmbeddingRows, Modality } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import { decodeCodes } from "../../learners/codes.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import { gatherCodes } from "../../metrics/coactivation.ts";
import { bimodalConcepts, gapBetween, keepConcepts, meanReconstruction } from "../../metrics/modality-gap.ts";
import { samplePairs, type PairSample } from "../../metrics/pair-sample.ts";
import { retrievalRecall, type RetrievalRecall } from "../../metrics/retrieval.ts";

/** Paired images among which retrieval is measured at most: its cost grows with their square. */
const searchedImages = 5000;

export interface GapAndRetrieval {
  /** Distance of the mean image row and the mean text row. */
  readonly gap: number;
  readonly recall: RetrievalRecall | null;
}

export interface ConceptsGap extends GapAndRetrieval {
  /** The gap without the decoder biases, which hold part of it where centring is per modality. */
  readonly gapOfConcepts: number;
}

type Both<T> = Readonly<Record<Modality, T>>;

export function searchedPairs(set: EmbeddingRows, seed: number): PairSample {
  return samplePairs(set.pairs, searchedImages, seed);
}

/** Of the rows as they are; `means` are those of all rows of each modality. */
export async function ofEmbeddings(
  backend: Backend,
  set: EmbeddingRows,
  sample: PairSample,
  means: Both<Float64Array>,
): Promise<GapAndRetrieval> {
  const gather = async (modality: Modality, rows: Uint32Array): Promise<Float32Array> => {
    const out = new Float32Array(rows.length * set.dimension);
    await set[modality].gather(rows, out);
    return out;
  };
  const [images, texts] = [await gather("image", sample.images), await gather("text", sample.texts)];
  return {
    gap: gapBetween(means.image, means.text),
    recall: await recallOf(backend, images, texts, sample, set.dimension),
  };
}

/**
 * Of the reconstructions. What is returned measures after leaving out every concept that `keep` (c)
 * does not mark; without `keep`, of all. `meanCodes` (c) are E[z] of each modality, signs kept.
 */
export function ofConcepts(
  backend: Backend,
  dictionary: Dictionary,
  codes: Both<SparseCodes>,
  meanCodes: Both<Float64Array>,
  sample: PairSample,
): (keep?: Uint8Array) => Promise<ConceptsGap> {
  const { atoms, dimension, biases } = dictionary;
  const paired = {
    image: gatherCodes(codes.image, sample.images),
    text: gatherCodes(codes.text, sample.texts),
  };
  return async (keep) => {
    const meanOf = (modality: Modality, bias: Float32Array): Float64Array => {
      const kept = meanCodes[modality].map((value, j) => (keep === undefined || keep[j] === 1 ? value : 0));
      return meanReconstruction(kept, atoms, dimension, bias);
    };
    const none = new Float32Array(dimension);
    const rebuilt = (modality: Modality): Float32Array =>
      decodeCodes(
        keep === undefined ? paired[modality] : keepConcepts(paired[modality], keep),
        dictionary,
        modality,
      );
    return {
      gap: gapBetween(meanOf("image", biases.image.decoderBias), meanOf("text", biases.text.decoderBias)),
      gapOfConcepts: gapBetween(meanOf("image", none), meanOf("text", none)),
      recall: await recallOf(backend, rebuilt("image"), rebuilt("text"), sample, dimension),
    };
  };
}

async function recallOf(
  backend: Backend,
  images: Float32Array,
  texts: Float32Array,
  { imageOf, images: searched }: PairSample,
  dimension: number,
): Promise<RetrievalRecall | null> {
  return searched.length === 0 ? null : retrievalRecall(backend, images, texts, imageOf, dimension);
}

/** What an analysis reports: of the rows, of their reconstructions, of those from bimodal concepts alone. */
export async function gapAndRetrieval(
  backend: Backend,
  dictionary: Dictionary,
  set: EmbeddingRows,
  codes: Both<SparseCodes>,
  means: Both<Float64Array>,
  meanCodes: Both<Float64Array>,
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
  const keep = bimodalConcepts(scores);
  const sample = searchedPairs(set, seed);
  const measure = ofConcepts(backend, dictionary, codes, meanCodes, sample);
  return {
    searched: {
      images: sample.images.length,
      texts: sample.texts.length,
      ofImages: sample.imagesInAll,
    },
    original: await ofEmbeddings(backend, set, sample, means),
    reconstructed: await measure(),
    bimodalOnly: await measure(keep),
    bimodal: keep.reduce((sum, kept) => sum + kept, 0),
  };
}
