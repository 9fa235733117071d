/**
 * Mini-batch k-means: every step assigns a batch of rows drawn with replacement and moves each
 * centroid towards its rows of the batch with rate (rows of the batch) / (rows seen so far), so that
 * it is the mean of all rows it ever got. It ends when the running mean of the batches' inertia has
 * not fallen for ten steps. Centroids with less than a hundredth of the rows of the largest begin
 * anew at rows of the batch.
 *
 * Sculley (2010), as scikit-learn's `MiniBatchKMeans` does it.
 */
import type { Random } from "../../base/random.ts";
import type { Backend } from "../../kernels/backend.ts";
import { NearestCentroid } from "../../linalg/nearest-centroid.ts";
import { squaredNorms } from "./k-means-start.ts";

const patience = 10;

export async function miniBatchKMeans(
  backend: Backend,
  problem: {
    /** n x d */
    readonly x: Float32Array;
    readonly rows: number;
    readonly dimension: number;
    /** c x d */
    readonly start: Float32Array;
    /** Rows of a step. */
    readonly batch: number;
    /** Steps at most. */
    readonly steps: number;
    readonly random: Random;
    /** The rows of step `step` (from 1), `batch` of them; default: drawn with replacement. */
    readonly draw?: (step: number) => Uint32Array;
    /** Centroids with a smaller share of the rows of the largest begin anew; default 0.01, 0: none. */
    readonly leastShare?: number;
    /** Called after every step with the batch's inertia by row; may throw to stop. */
    readonly observe: (step: number, loss: number) => void;
  },
): Promise<{ centroids: Float32Array<ArrayBuffer>; steps: number; ended: "converged" | "completed" }> {
  const { x, rows, dimension: d, start, batch, random, observe, leastShare = 0.01 } = problem;
  const draw = problem.draw ?? (() => Uint32Array.from({ length: batch }, () => random.integer(rows)));
  const c = start.length / d;
  const centroids = start.slice();
  const counts = new Float64Array(c);
  const block = new Float32Array(batch * d);
  const held = backend.floats(batch * d);
  const search = new NearestCentroid(backend, held, { mostRows: batch, dimension: d, concepts: c });
  const pace = Math.min(1, (2 * batch) / (rows + 1));
  let running = NaN;
  let lowest = Infinity;
  let waited = 0;
  let sinceRenewal = 0;
  try {
    for (let step = 1; step <= problem.steps; step++) {
      draw(step).forEach((row, i) => block.set(x.subarray(row * d, (row + 1) * d), i * d));
      backend.write(held, block);
      search.setCentroids(centroids);
      const { label, score } = await search.find(batch);
      const squares = squaredNorms(block, batch, d);
      let inertia = 0;
      for (let i = 0; i < batch; i++) inertia += Math.max(0, squares[i] - 2 * score[i]);
      move(centroids, counts, block, label, d);
      sinceRenewal += batch;
      if (leastShare > 0 && (counts.includes(0) || sinceRenewal >= 10 * c)) {
        sinceRenewal = 0;
        renew(centroids, counts, block, { batch, dimension: d, random, leastShare });
      }
      observe(step, inertia / batch);
      // The first batch only tells how good the start was.
      if (step === 1) continue;
      running = Number.isNaN(running) ? inertia : running * (1 - pace) + inertia * pace;
      waited = running < lowest ? 0 : waited + 1;
      lowest = Math.min(lowest, running);
      if (waited >= patience) return { centroids, steps: step, ended: "converged" };
    }
    return { centroids, steps: problem.steps, ended: "completed" };
  } finally {
    search.free();
    backend.free(held);
  }
}

/** Makes every centroid the mean of all rows it got so far. */
function move(
  centroids: Float32Array,
  counts: Float64Array,
  block: Float32Array,
  label: Uint32Array,
  d: number,
): void {
  const sums = new Map<number, { count: number; sum: Float64Array }>();
  for (let i = 0; i < label.length; i++) {
    let found = sums.get(label[i]);
    if (found === undefined) {
      const weight = counts[label[i]];
      const before = centroids.subarray(label[i] * d, (label[i] + 1) * d);
      found = { count: weight, sum: Float64Array.from(before, (value) => value * weight) };
      sums.set(label[i], found);
    }
    found.count++;
    for (let t = 0; t < d; t++) found.sum[t] += block[i * d + t];
  }
  for (const [j, { count, sum }] of sums) {
    counts[j] = count;
    for (let t = 0; t < d; t++) centroids[j * d + t] = sum[t] / count;
  }
}

/** Starts centroids that get hardly any rows anew, at most half a batch of them. */
function renew(
  centroids: Float32Array,
  counts: Float64Array,
  block: Float32Array,
  {
    batch,
    dimension: d,
    random,
    leastShare,
  }: { batch: number; dimension: number; random: Random; leastShare: number },
): void {
  const bound = leastShare * counts.reduce((most, count) => Math.max(most, count), 0);
  const rare = [...counts.keys()].filter((j) => counts[j] < bound);
  if (rare.length === 0) return;
  rare.sort((a, b) => counts[a] - counts[b] || a - b).splice(Math.floor(batch / 2));
  const chosen = new Set(rare);
  let least = Infinity;
  counts.forEach((count, j) => {
    if (!chosen.has(j)) least = Math.min(least, count);
  });
  const order = random.permutation(batch);
  rare.forEach((j, at) => {
    centroids.set(block.subarray(order[at] * d, (order[at] + 1) * d), j * d);
    counts[j] = least;
  });
}
