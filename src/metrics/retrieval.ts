/**
 * Recall@k of retrieval over matched pairs by cosine, in both directions: the share of queries for
 * which a right answer is among the k most similar. Image to text: any of the image's captions
 * counts; text to image: its image. The best right answer's rank counts the wrong candidates that are
 * more similar, and half of those exactly as similar, so that equal rows are no perfect retrieval.
 */
import type { Backend } from "../kernels/backend.ts";
import { eachCosineRow } from "./atom-cosines.ts";

export const recallAt = [1, 5, 10] as const;

export interface Recall {
  readonly at1: number;
  readonly at5: number;
  readonly at10: number;
}

export interface RetrievalRecall {
  readonly images: number;
  readonly texts: number;
  readonly imageToText: Recall;
  readonly textToImage: Recall;
}

/** `images` (G x d), `texts` (N x d); text t belongs to image `imageOf[t]`. */
export async function retrievalRecall(
  backend: Backend,
  images: Float32Array,
  texts: Float32Array,
  imageOf: Uint32Array,
  dimension: number,
): Promise<RetrievalRecall> {
  const left = normalised(images, dimension);
  const right = normalised(texts, dimension);
  const g = images.length / dimension;
  const n = imageOf.length;
  const captions: number[][] = Array.from({ length: g }, () => []);
  imageOf.forEach((image, t) => captions[image].push(t));
  const imageRanks: number[] = [];
  await eachCosineRow(backend, left, right, dimension, (i, cosines) => {
    imageRanks.push(rankOf(cosines, captions[i]));
  });
  const textRanks: number[] = [];
  await eachCosineRow(backend, right, left, dimension, (t, cosines) => {
    textRanks.push(rankOf(cosines, [imageOf[t]]));
  });
  return {
    images: g,
    texts: n,
    imageToText: recallOfRanks(imageRanks),
    textToImage: recallOfRanks(textRanks),
  };
}

function rankOf(cosines: Float32Array, right: readonly number[]): number {
  let best = -Infinity;
  for (const j of right) best = Math.max(best, cosines[j]);
  let above = 0;
  let equal = 0;
  for (let j = 0; j < cosines.length; j++) {
    if (cosines[j] > best) above++;
    else if (cosines[j] === best) equal++;
  }
  for (const j of right) if (cosines[j] === best) equal--;
  return 1 + above + equal / 2;
}

/** Shares of the ranks (from 1) that are at most 1, 5 and 10. */
export function recallOfRanks(ranks: ArrayLike<number>): Recall {
  const share = (k: number): number => {
    let within = 0;
    for (let i = 0; i < ranks.length; i++) if (ranks[i] <= k) within++;
    return within / ranks.length;
  };
  return { at1: share(recallAt[0]), at5: share(recallAt[1]), at10: share(recallAt[2]) };
}

function normalised(rows: Float32Array, dimension: number): Float32Array {
  const out = rows.slice();
  for (let at = 0; at < out.length; at += dimension) {
    let squared = 0;
    for (let j = at; j < at + dimension; j++) squared += out[j] * out[j];
    const scale = squared === 0 ? 0 : 1 / Math.sqrt(squared);
    for (let j = at; j < at + dimension; j++) out[j] *= scale;
  }
  return out;
}
