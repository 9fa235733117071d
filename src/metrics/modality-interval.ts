/**
 * How sure a modality score is: an approximate 95 % interval, with rows taken as draws.
 *
 * logit(score) = ln E_image[z] − ln E_text[z], and by the delta method
 *   Var(logit) ≈ Var_image(z)/(n_image·E_image²) + Var_text(z)/(n_text·E_text²),
 * so the interval is logistic(logit ± 1.96·√Var). Where a concept was never active on the n rows of
 * one modality, its energy there is at most (3/n)·(mean activation where active), since a share that
 * was not met in n draws is below 3/n with 95 % confidence (Hanley and Lippman-Hand 1983).
 */
import type { ConceptActivity } from "./concept-activity.ts";

export interface ModalityInterval {
  /** c, in [0, 1]; NaN where the score is. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

const z95 = 1.959964;

export function modalityInterval(image: ConceptActivity, text: ConceptActivity): ModalityInterval {
  const concepts = image.sum.length;
  const low = new Float64Array(concepts).fill(NaN);
  const high = new Float64Array(concepts).fill(NaN);
  if (image.rows === 0 || text.rows === 0) return { low, high };
  for (let j = 0; j < concepts; j++) {
    const ofImage = image.sum[j] / image.rows;
    const ofText = text.sum[j] / text.rows;
    if (ofImage === 0 && ofText === 0) continue;
    if (ofText === 0) {
      const most = unseen(text.rows, image, j);
      low[j] = score(lowest(image, j), most);
      high[j] = 1;
    } else if (ofImage === 0) {
      const most = unseen(image.rows, text, j);
      low[j] = 0;
      high[j] = score(most, lowest(text, j));
    } else {
      const logit = Math.log(ofImage / ofText);
      const half = z95 * Math.sqrt(relativeVariance(image, j) + relativeVariance(text, j));
      low[j] = 1 / (1 + Math.exp(half - logit));
      high[j] = 1 / (1 + Math.exp(-half - logit));
    }
  }
  return { low, high };
}

/** Variance of the mean, divided by the mean squared: that of its logarithm. */
function relativeVariance({ rows, sum, squares }: ConceptActivity, j: number): number {
  const mean = sum[j] / rows;
  return Math.max(0, squares[j] / rows - mean * mean) / (rows * mean * mean);
}

function lowest(activity: ConceptActivity, j: number): number {
  return (activity.sum[j] / activity.rows) * Math.exp(-z95 * Math.sqrt(relativeVariance(activity, j)));
}

/** The energy that a concept may have where none of `rows` rows showed it. */
function unseen(rows: number, seen: ConceptActivity, j: number): number {
  return (Math.min(1, 3 / rows) * seen.sum[j]) / Math.max(1, seen.active[j]);
}

function score(image: number, text: number): number {
  return image / (image + text);
}
