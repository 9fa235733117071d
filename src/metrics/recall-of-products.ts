/**
 * Recall@k both ways from all inner products of unit rows at once: what metrics/retrieval.ts defines, for
 * callers that keep the products because only some rows change between two measurements.
 */
import { recallOfRanks, type RetrievalRecall } from "./retrieval.ts";

/** `products` (G x N): image g with text t, which belongs to image `imageOf[t]`. */
export function recallOfProducts(products: Float32Array, imageOf: Uint32Array): RetrievalRecall {
  const n = imageOf.length;
  const g = products.length / Math.max(1, n);
  const ofText = new Float32Array(n);
  const ofImage = new Float32Array(g).fill(-Infinity);
  for (let t = 0; t < n; t++) {
    const image = imageOf[t];
    ofText[t] = products[image * n + t];
    if (ofText[t] > ofImage[image]) ofImage[image] = ofText[t];
  }
  // The rank of the best right answer: wrong answers above it, and half of those that are equal.
  const imageRanks = new Float64Array(g).fill(1);
  const textRanks = new Float64Array(n).fill(1);
  for (let i = 0; i < g; i++) {
    const best = ofImage[i];
    let above = 0;
    let equal = 0;
    for (let t = 0, at = i * n; t < n; t++, at++) {
      const value = products[at];
      if (value > best) above++;
      else if (value === best) equal++;
      const right = ofText[t];
      if (value > right) textRanks[t]++;
      else if (value === right) textRanks[t] += 0.5;
    }
    imageRanks[i] += above + equal / 2;
  }
  for (let t = 0; t < n; t++) {
    textRanks[t] -= 0.5;
    if (ofText[t] === ofImage[imageOf[t]]) imageRanks[imageOf[t]] -= 0.5;
  }
  return {
    images: g,
    texts: n,
    imageToText: recallOfRanks(imageRanks),
    textToImage: recallOfRanks(textRanks),
  };
}
