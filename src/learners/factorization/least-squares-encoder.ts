/**
 * The linear encoder (DDᵀ + ρI)⁻¹D (c x d) of c atoms: z = E·x minimises ‖x − zᵀD‖² + ρ‖z‖². With
 * ρ = 0 the atoms have to be independent, and x̂ is the projection onto their span.
 */
import { choleskyInPlace, choleskySolve } from "../../linalg/cholesky.ts";

export function leastSquaresEncoder(
  atoms: Float32Array,
  concepts: number,
  dimension: number,
  ridge = 0,
): Float32Array<ArrayBuffer> {
  const c = concepts;
  const d = dimension;
  const products = new Float64Array(c * c);
  for (let i = 0; i < c; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? ridge : 0;
      for (let t = 0; t < d; t++) sum += atoms[i * d + t] * atoms[j * d + t];
      products[i * c + j] = sum;
    }
  }
  const factor = choleskyInPlace(products, c);
  const encoder = new Float32Array(c * d);
  const column = new Float64Array(c);
  for (let t = 0; t < d; t++) {
    for (let j = 0; j < c; j++) column[j] = atoms[j * d + t];
    choleskySolve(factor, c, column);
    for (let j = 0; j < c; j++) encoder[j * d + t] = column[j];
  }
  return encoder;
}
