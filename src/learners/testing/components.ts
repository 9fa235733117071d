/** What scikit-learn found (test/fixtures/make/components.py) and how near a learned dictionary is to it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { silent } from "../../base/progress.ts";
import { rowsInMemory } from "../../base/rows.ts";
import type { EmbeddingRows } from "../../base/rows.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { decodeCodes, encodeRows } from "../codes.ts";
import type { Dictionary } from "../dictionary.ts";
import type { Fitted, HistoryRow, Learner } from "../learner.ts";

interface Reference {
  readonly rows: number;
  readonly dimension: number;
  readonly concepts: number;
  readonly x: readonly number[];
  readonly pca: Readonly<
    Record<"components" | "explainedVariance" | "explainedVarianceRatio" | "codes", number[]>
  >;
  readonly svd: Readonly<Record<"components" | "singularValues" | "codes", number[]>>;
  readonly ica: Readonly<Record<"start" | "components" | "mixing" | "codes" | "rebuilt", number[]>>;
  readonly kMeans: {
    readonly clusters: number;
    readonly start: number[];
    readonly centroids: number[];
    readonly labels: number[];
    readonly inertia: number;
    readonly crowdedStart: number[];
    readonly crowdedInertia: number;
  };
  readonly miniBatch: {
    readonly batch: number;
    /** Row numbers, steps x batch. */
    readonly batches: number[];
    readonly centroids: number[];
    readonly seeds: number;
    readonly meanInertia: number;
  };
  readonly sparsePca: {
    readonly l1: number;
    readonly components: number[];
    readonly objective: number;
    readonly codes: number[];
    readonly rebuilt: number[];
  };
}

export const reference = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../test/fixtures/learners/components.json"), "utf8"),
) as Reference;

/** n x d, not centred. */
export const x: Float32Array<ArrayBuffer> = Float32Array.from(reference.x);

/** n x d, less the mean of each column. */
export function centredFixture(): Float32Array<ArrayBuffer> {
  const { rows, dimension: d } = reference;
  const centred = x.slice();
  for (let t = 0; t < d; t++) {
    let mean = 0;
    for (let i = 0; i < rows; i++) mean += x[i * d + t] / rows;
    for (let i = 0; i < rows; i++) centred[i * d + t] -= mean;
  }
  return centred;
}

/** The same rows, the first two thirds as images. */
export function fixtureRows(): EmbeddingRows {
  const { dimension, rows } = reference;
  const cut = Math.round((2 * rows) / 3) * dimension;
  return {
    dimension,
    image: rowsInMemory(x.subarray(0, cut), dimension),
    text: rowsInMemory(x.subarray(cut), dimension),
    pairs: { image: new Uint32Array(0), text: new Uint32Array(0) },
  };
}

/** Fits all fixture rows; nothing is held out unless `options` say so. */
export async function fitFixture<Config extends object>(
  learner: Learner<Config>,
  options: Readonly<Record<string, unknown>> = {},
): Promise<{ fitted: Fitted; history: HistoryRow[] }> {
  const { rows, dimension, concepts } = reference;
  const history: HistoryRow[] = [];
  const fitted = await learner.fit(
    fixtureRows(),
    learner.configure({ concepts, heldOut: 0, ...options }, { rows, dimension }),
    { backend: createReferenceBackend(), progress: silent, log: (row) => history.push(row) },
  );
  return { fitted, history };
}

/** x̂ of the first `count` rows. */
export async function rebuiltRows(dictionary: Dictionary, count: number): Promise<Float32Array> {
  const { image } = fixtureRows();
  const codes = await encodeRows(dictionary, image, "image", createReferenceBackend());
  return decodeCodes(codes, dictionary, "image", 0, count);
}

/** The largest angle, in radians, between the spans of the orthonormal rows of `a` and of `b` (c x d each). */
export function largestAngle(a: ArrayLike<number>, b: ArrayLike<number>, c: number, d: number): number {
  // sin of the largest angle is at most the Frobenius norm of what b leaves of a.
  let left = 0;
  for (let i = 0; i < c; i++) {
    const rest = Float64Array.from({ length: d }, (_, t) => a[i * d + t]);
    for (let j = 0; j < c; j++) {
      let along = 0;
      for (let t = 0; t < d; t++) along += a[i * d + t] * b[j * d + t];
      for (let t = 0; t < d; t++) rest[t] -= along * b[j * d + t];
    }
    for (const value of rest) left += value * value;
  }
  return Math.asin(Math.min(1, Math.sqrt(left)));
}
