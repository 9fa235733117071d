/**
 * Stability of two dictionaries that live in different spaces, through the items that both have seen:
 * max_P (1/c) Σ_i corr(z_i, z′_P(i)), the mean Pearson correlation of matched concepts' activations on
 * the same items under the best one-to-one matching, without absolute values. With different numbers of
 * concepts, min(c, c′) are matched.
 */
import { byConcept, type SparseCodes } from "../base/sparse-codes.ts";
import { eachCoactivation } from "./coactivation.ts";
import { matchCosts } from "./stability.ts";

export interface ActivationMatching {
  /** min(c, c′) */
  readonly matched: number;
  /** c: the concept of the other dictionary matched to each concept; −1 where there is none. */
  readonly match: Int32Array;
  /** c: correlation of the match; NaN where there is none. */
  readonly correlation: Float64Array;
  /** Mean of the matched correlations. */
  readonly stability: number;
}

/**
 * `a` and `b` are codes of the same items, row by row; `itemOf` renames the rows of `a` into rows of `b`
 * (a permutation, for the baseline). Holds one c x c′ float32 matrix in memory while it runs.
 */
export function matchActivations(a: SparseCodes, b: SparseCodes, itemOf?: Uint32Array): ActivationMatching {
  const swapped = a.concepts > b.concepts;
  const [fewer, more] = swapped ? [b, a] : [a, b];
  const renamed = swapped && itemOf !== undefined ? inverse(itemOf) : itemOf;
  const costs = correlations(fewer, more, renamed).map((value) => 0 - value);
  const { match, value, mean } = matchCosts(costs, fewer.concepts, more.concepts, swapped);
  return { matched: fewer.concepts, match, correlation: value, stability: mean };
}

/**
 * c x c′ Pearson correlations over the items. A concept that is the same on all items, such as one that
 * is never active, correlates 0 with everything.
 */
export function correlations(a: SparseCodes, b: SparseCodes, itemOf?: Uint32Array): Float32Array {
  const { rows } = a;
  const [left, right] = [moments(a), moments(b)];
  const out = new Float32Array(a.concepts * b.concepts);
  for (let i = 0; i < a.concepts; i++) {
    const covariance = -left.mean[i] * rows;
    for (let j = 0; j < b.concepts; j++) {
      out[i * b.concepts + j] = covariance * right.mean[j] * left.scale[i] * right.scale[j];
    }
  }
  eachCoactivation(
    byConcept(a),
    b,
    (i, columns, count, sums) => {
      for (let e = 0; e < count; e++) {
        const j = columns[e];
        const covariance = sums[j] - rows * left.mean[i] * right.mean[j];
        out[i * b.concepts + j] = covariance * left.scale[i] * right.scale[j];
      }
    },
    itemOf,
  );
  return out;
}

/** Below this share of its mean square a concept's variance is rounding. */
const noVariance = 1e-12;

/** Mean of every concept over the items, and 1/√(n·variance), 0 where it does not vary. */
function moments({ rows, concepts, rowStart, concept, value }: SparseCodes): {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
} {
  const mean = new Float64Array(concepts);
  const squares = new Float64Array(concepts);
  for (let e = 0; e < rowStart[rows]; e++) {
    mean[concept[e]] += value[e];
    squares[concept[e]] += value[e] * value[e];
  }
  const scale = new Float64Array(concepts);
  for (let j = 0; j < concepts; j++) {
    mean[j] /= rows;
    const spread = squares[j] - rows * mean[j] * mean[j];
    scale[j] = spread > noVariance * squares[j] ? 1 / Math.sqrt(spread) : 0;
  }
  return { mean, scale };
}

function inverse(permutation: Uint32Array): Uint32Array {
  const out = new Uint32Array(permutation.length);
  permutation.forEach((to, from) => (out[to] = from));
  return out;
}
