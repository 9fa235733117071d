/**
 * Lloyd's algorithm: every row goes to its nearest centroid, every centroid to the mean of its rows,
 * until no row changes or the centroids move by less than the tolerance. A centroid that lost all
 * its rows takes the row that is farthest from its own, as in scikit-learn.
 *
 * Sums of rows are kept and only those of rows that changed their centroid are moved.
 */
import type { Backend, Floats } from "../../kernels/backend.ts";
import { NearestCentroid } from "../../linalg/nearest-centroid.ts";
import { squaredNorms } from "./k-means-start.ts";

export interface Clustering {
  /** c x d */
  readonly centroids: Float32Array<ArrayBuffer>;
  /** n: the centroid of each row. */
  readonly labels: Uint32Array;
  /** Σ‖x − c‖² */
  readonly inertia: number;
  readonly steps: number;
  readonly ended: "converged" | "completed";
}

export interface LloydProblem {
  /** n x d, also on the backend as `held`. */
  readonly x: Float32Array;
  readonly held: Floats;
  readonly rows: number;
  readonly dimension: number;
  /** c x d */
  readonly start: Float32Array;
  readonly iterations: number;
  /** Squared movement of all centroids together, as a share of the variance of a dimension. */
  readonly tolerance: number;
  /** Called after every assignment; may throw to stop. */
  readonly observe: (step: number, inertia: number) => void;
}

export async function lloyd(backend: Backend, problem: LloydProblem): Promise<Clustering> {
  const { x, held, rows, dimension: d, start, iterations, observe } = problem;
  const c = start.length / d;
  const centroids = start.slice();
  const squares = squaredNorms(x, rows, d);
  const enough = problem.tolerance * meanVariance(x, rows, d);
  const clusters = new Clusters(x, rows, d, c);
  const search = new NearestCentroid(backend, held, { mostRows: rows, dimension: d, concepts: c });
  let steps = 0;
  let ended: Clustering["ended"] = "completed";
  try {
    while (steps < iterations) {
      search.setCentroids(centroids);
      const { label, score } = await search.find(rows);
      const distances = squares.map((square, i) => Math.max(0, square - 2 * score[i]));
      observe(++steps, sumOf(distances));
      const moved = clusters.assign(label) + clusters.fillEmpty(distances);
      if (moved === 0) {
        ended = "converged";
        break;
      }
      if (clusters.means(centroids) <= enough) {
        ended = "converged";
        break;
      }
    }
    search.setCentroids(centroids);
    const { label } = await search.find(rows);
    return { centroids, labels: label, inertia: inertiaOf(x, centroids, label, d), steps, ended };
  } finally {
    search.free();
  }
}

/** Which rows belong together, with the sum and number of them. */
class Clusters {
  readonly #x: Float32Array;
  readonly #dimension: number;
  readonly #label: Uint32Array;
  /** c x d */
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  #begun = false;

  constructor(x: Float32Array, rows: number, dimension: number, concepts: number) {
    this.#x = x;
    this.#dimension = dimension;
    this.#label = new Uint32Array(rows);
    this.#sums = new Float64Array(concepts * dimension);
    this.#counts = new Uint32Array(concepts);
  }

  /** Gives the number of rows that changed. */
  assign(label: Uint32Array): number {
    let changed = 0;
    for (let i = 0; i < label.length; i++) {
      if (this.#begun && label[i] === this.#label[i]) continue;
      if (this.#begun) this.#add(i, this.#label[i], -1);
      this.#add(i, label[i], 1);
      this.#label[i] = label[i];
      changed++;
    }
    this.#begun = true;
    return changed;
  }

  /** Gives every empty cluster the row farthest from its centroid; gives the number of such rows. */
  fillEmpty(distances: Float64Array): number {
    const empty = [...this.#counts.keys()].filter((j) => this.#counts[j] === 0);
    if (empty.length === 0) return 0;
    const farthest = [...distances.keys()].sort((a, b) => distances[b] - distances[a] || a - b);
    let at = 0;
    let filled = 0;
    for (const j of empty) {
      while (at < farthest.length && this.#counts[this.#label[farthest[at]]] < 2) at++;
      if (at === farthest.length) break;
      const i = farthest[at++];
      this.#add(i, this.#label[i], -1);
      this.#add(i, j, 1);
      this.#label[i] = j;
      filled++;
    }
    return filled;
  }

  /** Writes the means over `centroids` (empty ones stay); gives Σ‖new − old‖². */
  means(centroids: Float32Array): number {
    const d = this.#dimension;
    let shift = 0;
    for (let j = 0; j < this.#counts.length; j++) {
      if (this.#counts[j] === 0) continue;
      for (let e = j * d; e < (j + 1) * d; e++) {
        const mean = this.#sums[e] / this.#counts[j];
        shift += (mean - centroids[e]) ** 2;
        centroids[e] = mean;
      }
    }
    return shift;
  }

  #add(row: number, cluster: number, sign: 1 | -1): void {
    const d = this.#dimension;
    const from = row * d;
    const to = cluster * d;
    this.#counts[cluster] += sign;
    for (let t = 0; t < d; t++) this.#sums[to + t] += sign * this.#x[from + t];
  }
}

/** Σ‖x_i − c_label(i)‖², in float64. */
export function inertiaOf(
  x: Float32Array,
  centroids: Float32Array,
  labels: Uint32Array,
  dimension: number,
): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const at = i * dimension;
    const from = labels[i] * dimension;
    for (let t = 0; t < dimension; t++) sum += (x[at + t] - centroids[from + t]) ** 2;
  }
  return sum;
}

/** The variance of a dimension, on average over dimensions. */
function meanVariance(x: Float32Array, rows: number, dimension: number): number {
  const sums = new Float64Array(dimension);
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < dimension; t++) {
      const value = x[i * dimension + t];
      sums[t] += value;
      squares += value * value;
    }
  }
  let ofMeans = 0;
  for (const sum of sums) ofMeans += (sum / rows) ** 2;
  return Math.max(0, squares / rows - ofMeans) / dimension;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
