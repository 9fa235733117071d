/**
 * Recall@k of retrieval over matched pairs by cosine, in both directions: the share of queries for
 * which a right answer is among the k most similar. Image to text: any of the image's captions
 * counts; text to image: its image. An answer's rank is one more than the number of candidates that
 * are strictly more similar than the best right one.
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
    let best = -Infinity;
    for (const t of captions[i]) best = Math.max(best, cosines[t]);
    imageRanks.push(rankOf(cosines, best));
  });
  const textRanks: number[] = [];
  await eachCosineRow(backend, right, left, dimension, (t, cosines) => {
    textRanks.push(rankOf(cosines, cosines[imageOf[t]]));
  });
  return { images: g, texts: n, imageToText: recall(imageRanks), textToImage: recall(textRanks) };
}

function rankOf(cosines: Float32Array, best: number): number {
  let above = 0;
  for (let j = 0; j < cosines.length; j++) if (cosines[j] > best) above++;
  return above + 1;
}

function recall(ranks: readonly number[]): Recall {
  const share = (k: number): number => ranks.filter((rank) => rank <= k).length / ranks.length;
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
