/**
 * Singular values and right singular vectors of float32 rows X (n x d) through the eigenproblem of
 * the smaller Gram matrix (XᵀX when n ≥ d, XXᵀ otherwise), in float64. Values below about
 * 1e-8 times the largest are lost in the squaring and come out as 0 or as noise of that size.
 */
import { gram } from "./gram.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import { transpose } from "./transpose.ts";

/** min(n, d) singular values, descending. */
export function singularValues(x: Float32Array, rows: number, dimension: number): Float64Array {
  const small = Math.min(rows, dimension);
  const products =
    rows >= dimension ? gram(x, rows, dimension) : gram(transpose(x, rows, dimension), dimension, rows);
  return symmetricEigen(products, small, 0).values.map((value) => Math.sqrt(Math.max(0, value)));
}

export interface RightSingular {
  /** d, descending. */
  readonly values: Float64Array;
  /** d x d: row i belongs to `values[i]`; the first ones are the principal directions of centred rows. */
  readonly vectors: Float64Array;
}

/** Singular values (padded with zeros to d) and right singular vectors. */
export function rightSingular(x: Float32Array, rows: number, dimension: number): RightSingular {
  const { values, vectors } = symmetricEigen(gram(x, rows, dimension), dimension);
  return { values: values.map((value) => Math.sqrt(Math.max(0, value))), vectors };
}
