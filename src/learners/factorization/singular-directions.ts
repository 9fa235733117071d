/** What pca and svd share: the c leading right singular vectors of the training rows, as a dictionary. */
import { gramProduct } from "../../linalg/gram-product.ts";
import { symmetricEigen } from "../../linalg/symmetric-eigen.ts";
import type { EmbeddingRows } from "../../base/rows.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { Centring, FitContext, Fitted, Learner } from "../learner.ts";
import { parseOptions } from "../option-values.ts";
import { finished } from "./finished.ts";
import { factorizationConfig, factorizationOptions, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import { secondMoments } from "./second-moments.ts";

export interface SingularDirections {
  /** c, descending. */
  readonly values: Float64Array;
  /** c x d, orthonormal rows; of every one the entry of largest magnitude is positive. */
  readonly directions: Float32Array;
  /** Σ of all squared singular values: ‖X‖². */
  readonly squares: number;
}

/** The `count` leading singular values and right singular vectors of X (n x d). */
export async function singularDirections(
  backend: Backend,
  x: Float32Array,
  { rows, dimension, count }: { rows: number; dimension: number; count: number },
): Promise<SingularDirections> {
  return directionsOf(await gramProduct(backend, x, rows, dimension), dimension, count);
}

/** The same from XᵀX. */
export function directionsOf(products: Float64Array, dimension: number, count: number): SingularDirections {
  let squares = 0;
  for (let t = 0; t < dimension; t++) squares += products[t * dimension + t];
  const { values, vectors } = symmetricEigen(products, dimension, count);
  const directions = new Float32Array(vectors);
  turnLargestPositive(directions, dimension);
  const leading = values.subarray(0, count).map((value) => Math.sqrt(Math.max(0, value)));
  return { values: leading, directions, squares };
}

/** Their options, all directions by default; `center` is the method's usual centring. */
export function configureDirections(
  learner: string,
  center: Centring = "global",
): Learner<FactorizationConfig>["configure"] {
  return (options, set) => {
    const given = parseOptions(factorizationOptions, options, learner);
    const most = Math.min(set.dimension, trainRowsOf(set, given.heldOut));
    return factorizationConfig(learner, given, { most, center });
  };
}

export async function fitSingularDirections(
  data: EmbeddingRows,
  config: FactorizationConfig,
  context: FitContext,
): Promise<Fitted> {
  const moments = await secondMoments(context.backend, data, config, context);
  const { values, directions, squares } = directionsOf(moments.products, data.dimension, config.concepts);
  let kept = 0;
  for (const value of values) kept += value * value;
  context.log({ step: 1, loss: Math.max(0, squares - kept) / moments.rows });
  return finished(moments, {
    atoms: directions,
    activation: { kind: "linear" },
    steps: 1,
    ended: "completed",
  });
}

/** Turns rows around so that the entry of largest magnitude of each is positive. */
export function turnLargestPositive(atoms: Float32Array | Float64Array, dimension: number): void {
  for (let at = 0; at < atoms.length; at += dimension) {
    const row = atoms.subarray(at, at + dimension);
    let largest = 0;
    for (let t = 1; t < dimension; t++) if (Math.abs(row[t]) > Math.abs(row[largest])) largest = t;
    if (row[largest] < 0) for (let t = 0; t < dimension; t++) row[t] = -row[t];
  }
}
