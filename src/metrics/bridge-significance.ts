/** Which bridges are more than chance: docs/metrics/bridges.md. */

/** Both q-values of a significant bridge lie below this. */
export const significantBelow = 0.05;

export interface BridgeEvidence {
  readonly score: number;
  /** Against shuffled pairing, and against the permuted dictionary. */
  readonly shuffleQ: number;
  readonly permutedQ: number;
}

/** Adds to the likeness of matched pairs, and more than chance would under either null. */
export function isSignificant({ score, shuffleQ, permutedQ }: BridgeEvidence): boolean {
  return score > 0 && shuffleQ < significantBelow && permutedQ < significantBelow;
}
