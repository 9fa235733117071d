/** x̂ = Z·D + bias on the active concepts, its residual, and the gradient of every code. */
import type { Reconstruct, Reconstructed } from "../backend.ts";
import { codesOf, floatsOf } from "./tensors.ts";

export function reconstruct(operation: Reconstruct): Reconstructed {
  const { rows, dimension, gradient } = operation;
  const codes = codesOf(operation.codes);
  const atoms = floatsOf(operation.atoms);
  const target = floatsOf(operation.target);
  const residual = floatsOf(operation.residual);
  const bias = operation.decoderBias ? floatsOf(operation.decoderBias) : undefined;
  const residualScale = operation.residualScale ?? 1;
  const difference = new Float64Array(dimension);
  let squaredError = 0;
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < dimension; t++) difference[t] = (bias ? bias[t] : 0) - target[i * dimension + t];
    for (let e = codes.rowStart[i]; e < codes.rowStart[i + 1]; e++) {
      const atom = codes.concept[e] * dimension;
      for (let t = 0; t < dimension; t++) difference[t] += codes.value[e] * atoms[atom + t];
    }
    for (let t = 0; t < dimension; t++) {
      squaredError += difference[t] * difference[t];
      residual[i * dimension + t] = residualScale * difference[t];
    }
    if (!gradient) continue;
    for (let e = codes.rowStart[i]; e < codes.rowStart[i + 1]; e++) {
      const atom = codes.concept[e] * dimension;
      let along = 0;
      for (let t = 0; t < dimension; t++) along += difference[t] * atoms[atom + t];
      codes.gradient[e] = gradient.scale * along + (gradient.penalty ?? 0);
    }
  }
  return { squaredError };
}
