/**
 * Modality score E_image[z] / (E_image[z] + E_text[z]) in [0, 1]: 1 = image only, 0 = text only
 * (arXiv 2504.11695). NaN for a concept that is never active, and without rows of a modality.
 */
import type { ConceptActivity } from "./concept-activity.ts";
import { energy } from "./energy.ts";

export function modalityScore(image: ConceptActivity, text: ConceptActivity): Float64Array {
  const ofText = energy(text);
  return energy(image).map((value, j) => value / (value + ofText[j]));
}

/** Equal bins over [0, 1]: counts of the scores, or sums of `weights`; concepts without a score are left out. */
export function modalityHistogram(scores: Float64Array, weights?: Float64Array, bins = 50): Float64Array {
  const out = new Float64Array(bins);
  for (let j = 0; j < scores.length; j++) {
    const score = scores[j];
    if (Number.isNaN(score)) continue;
    out[Math.min(bins - 1, Math.floor(score * bins))] += weights === undefined ? 1 : weights[j];
  }
  return out;
}
