/**
 * Logistic regression that tells image from text embeddings (classes weighed equally, C = 1 on raw
 * rows): its normal, and its balanced accuracy on held-out rows.
 */
import { fitLogistic, type LogisticOptions } from "../linalg/logistic-regression.ts";
import { balancedAccuracy } from "./balanced-accuracy.ts";
import type { LabelledRows, LabelledSample } from "./labelled-sample.ts";

export interface ModalityProbe {
  /** d, unit norm, pointing to images. */
  readonly normal: Float64Array;
  /** Balanced accuracy in [0, 1]. */
  readonly trainAccuracy: number;
  readonly heldOutAccuracy: number;
  readonly trainRows: number;
  readonly heldOutRows: number;
  readonly iterations: number;
}

export function modalityProbe(
  sample: LabelledSample,
  dimension: number,
  options: LogisticOptions = {},
): ModalityProbe {
  const { train, heldOut } = sample;
  const fit = fitLogistic(train.x, train.isImage, dimension, { balanced: true, ...options });
  const norm = Math.hypot(...fit.weights);
  return {
    normal: norm === 0 ? fit.weights : fit.weights.map((value) => value / norm),
    trainAccuracy: accuracyOf(train, fit.weights, fit.intercept),
    heldOutAccuracy: accuracyOf(heldOut, fit.weights, fit.intercept),
    trainRows: train.rows,
    heldOutRows: heldOut.rows,
    iterations: fit.iterations,
  };
}

function accuracyOf(part: LabelledRows, weights: Float64Array, intercept: number): number {
  const d = weights.length;
  let positiveAbove = 0;
  let negativeAbove = 0;
  let positives = 0;
  for (let i = 0; i < part.rows; i++) {
    let f = intercept;
    for (let j = 0, at = i * d; j < d; j++, at++) f += part.x[at] * weights[j];
    positives += part.isImage[i];
    if (f <= 0) continue;
    if (part.isImage[i] === 1) positiveAbove++;
    else negativeAbove++;
  }
  return balancedAccuracy(
    { positiveAbove, positives, negativeAbove, negatives: part.rows - positives },
    false,
  );
}
