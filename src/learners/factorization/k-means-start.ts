/**
 * Greedy k-means++: every next centroid is the best of 2 + ⌊ln c⌋ rows drawn with probability
 * proportional to the squared distance from the centroids so far, that is the one which leaves the
 * smallest sum of such distances. Arthur and Vassilvitskii (2007); as scikit-learn does it.
 */
import type { Random } from "../../base/random.ts";
import type { Backend, Floats } from "../../kernels/backend.ts";

/** Numbers of the c rows of `x` (rows x d, on the backend as `held`) to start from. */
export async function kMeansPlusPlus(
  backend: Backend,
  held: Floats,
  x: Float32Array,
  { rows, dimension: d, concepts: c }: { rows: number; dimension: number; concepts: number },
  random: Random,
  /** Called for every centroid that is found, with how many there are; may throw to stop. */
  observe: (found: number) => void = () => {},
): Promise<Uint32Array> {
  const squares = squaredNorms(x, rows, d);
  const trials = 2 + Math.floor(Math.log(c));
  const drawn = backend.floats(trials * d);
  const products = backend.floats(rows * trials);
  const candidates = new Uint32Array(trials);
  /** rows x trials: squared distance to the nearest of the centroids so far and the candidate. */
  let left = new Float32Array(0);
  const distancesTo = async (numbers: Uint32Array): Promise<void> => {
    const n = numbers.length;
    numbers.forEach((row, t) => backend.write(drawn, x.subarray(row * d, (row + 1) * d), t * d));
    await backend.product({ a: held, b: drawn, out: products, m: rows, n, k: d });
    left = await backend.read(products, 0, rows * n);
    for (let i = 0; i < rows; i++) {
      for (let t = 0; t < n; t++) {
        left[i * n + t] = Math.max(0, squares[i] + squares[numbers[t]] - 2 * left[i * n + t]);
      }
    }
  };
  const chosen = new Uint32Array(c);
  try {
    chosen[0] = random.integer(rows);
    await distancesTo(chosen.subarray(0, 1));
    const nearest = Float64Array.from(left);
    for (let j = 1; j < c; j++) {
      observe(j);
      drawByWeight(candidates, nearest, random);
      await distancesTo(candidates);
      const sums = new Float64Array(trials);
      for (let i = 0; i < rows; i++) {
        const bound = nearest[i];
        for (let t = 0; t < trials; t++) sums[t] += Math.min(bound, left[i * trials + t]);
      }
      let best = 0;
      for (let t = 1; t < trials; t++) if (sums[t] < sums[best]) best = t;
      chosen[j] = candidates[best];
      for (let i = 0; i < rows; i++) nearest[i] = Math.min(nearest[i], left[i * trials + best]);
    }
  } finally {
    backend.free(drawn, products);
  }
  return chosen;
}

/** Fills `out` with numbers drawn with probability proportional to their weight; evenly where all are 0. */
function drawByWeight(out: Uint32Array, weights: Float64Array, random: Random): void {
  let total = 0;
  for (const weight of weights) total += weight;
  const points = Float64Array.from(out, () => random.uniform() * total).sort();
  let at = 0;
  let sum = 0;
  for (let t = 0; t < points.length; t++) {
    if (total === 0) {
      out[t] = random.integer(weights.length);
      continue;
    }
    while (at < weights.length - 1 && sum + weights[at] <= points[t]) sum += weights[at++];
    out[t] = at;
  }
}

/** ‖x_i‖² */
export function squaredNorms(x: Float32Array, rows: number, dimension: number): Float64Array {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let square = 0;
    for (let e = i * dimension; e < (i + 1) * dimension; e++) square += x[e] * x[e];
    out[i] = square;
  }
  return out;
}
