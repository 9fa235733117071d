/**
 * k-means: c centroids m_j with the smallest Σ‖x − m_j(x)‖² that is found, m_j(x) the one nearest to
 * row x of the centred rows. Atoms are the centroids' directions, a_j = m_j/‖m_j‖; the code of a row
 * is one-hot, z_j = ‖m_j‖ for the nearest centroid (L0 = 1), so that x̂ = zᵀD + μ is that centroid.
 *
 * Lloyd (1957/1982) from greedy k-means++ (Arthur and Vassilvitskii 2007), or mini-batches (Sculley
 * 2010) where `batch` is given; both as scikit-learn has them. Distances do not depend on centring
 * by one mean, only the atoms do.
 */
import { Random } from "../../base/random.ts";
import { halfSquares } from "../../linalg/nearest-centroid.ts";
import type { Learner } from "../learner.ts";
import { parseOptions, whole, between } from "../option-values.ts";
import { finished } from "./finished.ts";
import { kMeansPlusPlus } from "./k-means-start.ts";
import { lloyd } from "./lloyd.ts";
import { miniBatchKMeans } from "./mini-batch-k-means.ts";
import { factorizationConfig, factorizationOptions, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import { stepReporter, stopIfAsked } from "./report-step.ts";
import { trainingMatrix } from "./training-matrix.ts";

export interface KMeansConfig extends FactorizationConfig {
  /** Rows of a mini-batch; null: Lloyd on all rows. */
  readonly batch: number | null;
  /** Passes over the rows at most. */
  readonly iterations: number;
  readonly tolerance: number;
}

/** A centroid at the mean has no direction: its atom is the first axis, and its code 0. */
function directionsOf(centroids: Float32Array, d: number): { atoms: Float32Array; lengths: Float32Array } {
  const lengths = halfSquares(centroids, d).map((half) => Math.sqrt(-2 * half));
  const atoms = centroids.slice();
  lengths.forEach((length, j) => {
    if (length === 0) atoms[j * d] = 1;
    else for (let e = j * d; e < (j + 1) * d; e++) atoms[e] /= length;
  });
  return { atoms, lengths };
}

export const kMeans: Learner<KMeansConfig> = {
  name: "k-means",
  summary: "centroids of clusters: one active concept per row, the nearest",
  family: "factorization",
  activity: () => "one",
  configure(options, set) {
    const schema = {
      ...factorizationOptions,
      batch: whole(1),
      iterations: whole(1),
      tolerance: between(0, 1),
    };
    const given = parseOptions(schema, options, "k-means");
    const most = trainRowsOf(set, given.heldOut);
    const concepts = Math.max(1, Math.min(1024, Math.floor(most / 8)));
    return {
      ...factorizationConfig("k-means", given, { most, concepts }),
      batch: given.batch ?? null,
      iterations: given.iterations ?? (given.batch === undefined ? 300 : 100),
      tolerance: given.tolerance ?? 1e-4,
    };
  },
  async fit(data, config, context) {
    const { backend } = context;
    const matrix = await trainingMatrix(data, config);
    const { values: x, rows, dimension } = matrix;
    const { concepts, batch, iterations, tolerance, seed } = config;
    const random = Random.of(seed, "k-means");
    const total = batch === null ? iterations : Math.max(1, Math.floor((iterations * rows) / batch));
    const report = stepReporter(context, total);
    const startFrom = async (from: Float32Array, count: number): Promise<Float32Array> => {
      const sample = backend.floats(count * dimension);
      backend.write(sample, from);
      const shape = { rows: count, dimension, concepts };
      const observe = (done: number): void => {
        stopIfAsked(context, 0, total);
        context.progress({ stage: "start", done, total: concepts, unit: "concepts" });
      };
      const chosen = await kMeansPlusPlus(backend, sample, from, shape, random, observe).finally(() =>
        backend.free(sample),
      );
      return rowsOf(from, chosen, dimension);
    };
    let start: Float32Array;
    let found: { centroids: Float32Array<ArrayBuffer>; steps: number; ended: string };
    if (batch === null) {
      start = await startFrom(x, rows);
      const held = backend.floats(rows * dimension);
      backend.write(held, x);
      found = await lloyd(backend, {
        x,
        held,
        rows,
        dimension,
        start,
        iterations,
        tolerance,
        observe: (step, inertia) => report(step, inertia / rows),
      }).finally(() => backend.free(held));
    } else {
      const sampled = random.permutation(rows).subarray(0, Math.max(3 * batch, 3 * concepts));
      start = await startFrom(rowsOf(x, sampled, dimension), sampled.length);
      found = await miniBatchKMeans(backend, {
        x,
        rows,
        dimension,
        start,
        batch,
        steps: total,
        random,
        observe: report,
      });
    }
    const { centroids, steps, ended } = found;
    const { atoms, lengths } = directionsOf(centroids, dimension);
    const unsettled =
      ended === "converged" ? [] : [`k-means had not converged after ${steps} steps; raise iterations`];
    return finished(matrix, {
      atoms,
      encoder: centroids,
      encoderBias: halfSquares(centroids, dimension),
      activation: { kind: "nearest", lengths },
      initialAtoms: directionsOf(start, dimension).atoms,
      steps,
      ended,
      notes: unsettled,
    });
  },
};

function rowsOf(x: Float32Array, numbers: Uint32Array, d: number): Float32Array {
  const out = new Float32Array(numbers.length * d);
  numbers.forEach((row, i) => out.set(x.subarray(row * d, (row + 1) * d), i * d));
  return out;
}
