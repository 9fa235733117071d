/**
 * Balanced accuracy of telling two classes apart from one number: ½(share of positives above the
 * threshold + share of negatives at or below it), so both classes weigh the same however many rows
 * they have.
 */

export interface Threshold {
  /** Positive where value > cut; where value ≤ cut when `flipped`. */
  readonly cut: number;
  readonly flipped: boolean;
  /** Balanced accuracy on the rows that it was chosen on. */
  readonly accuracy: number;
}

/** Counts of values on either side of a cut, by class. */
export interface Sides {
  readonly positiveAbove: number;
  readonly positives: number;
  readonly negativeAbove: number;
  readonly negatives: number;
}

/** NaN when a class has no rows. */
export function balancedAccuracy(sides: Sides, flipped: boolean): number {
  const rate = sides.positiveAbove / sides.positives - sides.negativeAbove / sides.negatives;
  return 0.5 + (flipped ? -rate : rate) / 2;
}

/**
 * The best threshold for sorted values; `positive[e]` is the class of the e-th smallest value.
 * Only cuts between different values count; the first of equal accuracies is kept.
 */
export function bestThreshold(sorted: Float32Array, positive: Uint8Array): Threshold {
  const n = sorted.length;
  let positives = 0;
  for (let e = 0; e < n; e++) positives += positive[e];
  const negatives = n - positives;
  let best: Threshold = { cut: -Infinity, flipped: false, accuracy: 0.5 };
  let positiveAbove = positives;
  let negativeAbove = negatives;
  for (let e = 0; e < n; e++) {
    if (positive[e] === 1) positiveAbove--;
    else negativeAbove--;
    if (e + 1 < n && sorted[e + 1] === sorted[e]) continue;
    const rate = positiveAbove / positives - negativeAbove / negatives;
    const accuracy = 0.5 + Math.abs(rate) / 2;
    if (accuracy > best.accuracy) {
      const next = e + 1 < n ? sorted[e + 1] : sorted[e];
      const middle = (sorted[e] + next) / 2;
      best = { cut: middle < next ? middle : sorted[e], flipped: rate < 0, accuracy };
    }
  }
  return best;
}
