/** What pca and svd share: the c leading right singular vectors of the training rows, as a dictionary. */
import { gramProduct } from "../../linalg/gram-product.ts";
import { symmetricEigen } from "../../linalg/symmetric-eigen.ts";
import type { EmbeddingRows } from "../../base/rows.ts";
import type { Backend } from "../../kernels/backend.ts";
import { fold } from "../fold.ts";
import type { FitContext, Fitted } from "../learner.ts";
import type { FactorizationConfig } from "./options.ts";
import { trainingMatrix } from "./training-matrix.ts";

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
  const products = await gramProduct(backend, x, rows, dimension);
  let squares = 0;
  for (let t = 0; t < dimension; t++) squares += products[t * dimension + t];
  const { values, vectors } = symmetricEigen(products, dimension, count);
  const directions = Float32Array.from(vectors);
  turnLargestPositive(directions, dimension);
  const leading = values.subarray(0, count).map((value) => Math.sqrt(Math.max(0, value)));
  return { values: leading, directions, squares };
}

export async function fitSingularDirections(
  data: EmbeddingRows,
  config: FactorizationConfig,
  { backend, log }: FitContext,
): Promise<Fitted> {
  const matrix = await trainingMatrix(data, { ...config, scale: false });
  const { rows, dimension, split, preparation } = matrix;
  const count = config.concepts;
  const { values, directions, squares } = await singularDirections(backend, matrix.values, {
    rows,
    dimension,
    count,
  });
  let kept = 0;
  for (const value of values) kept += value * value;
  log({ step: 1, loss: Math.max(0, squares - kept) / rows });
  const zeros = { encoderBias: new Float32Array(count), decoderBias: new Float32Array(dimension) };
  const { centring, mean, scale } = preparation;
  return {
    dictionary: fold({ encoder: directions, atoms: directions, ...zeros }, { kind: "linear" }, preparation),
    initialAtoms: null,
    split,
    preparation: { centring, mean, scale },
    steps: 1,
    ended: "completed",
    notes: [],
  };
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
