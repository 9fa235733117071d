/**
 * Atoms in the plane of their two principal directions: projections of the centred rows on the first
 * two right singular vectors, each turned so that its entry of largest magnitude is positive, as
 * scikit-learn's PCA does.
 */
import { rightSingular } from "../../linalg/singular-values.ts";

export interface PrincipalPlane {
  /** One coordinate for each atom, in the units of the atoms. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Shares of the variance along the two; 0 where nothing varies. */
  readonly explained: readonly [number, number];
}

/** `atoms` is c x `dimension`; the rows `of` say where the plane lies, all rows are projected on it. */
export function principalPlane(atoms: Float32Array, dimension: number, of: Uint32Array): PrincipalPlane {
  const concepts = atoms.length / dimension;
  const x = new Float64Array(concepts);
  const y = new Float64Array(concepts);
  if (of.length === 0) return { x, y, explained: [0, 0] };
  const mean = new Float64Array(dimension);
  for (const j of of) {
    for (let q = 0; q < dimension; q++) mean[q]! += atoms[j * dimension + q]! / of.length;
  }
  const centred = new Float32Array(of.length * dimension);
  of.forEach((j, row) => {
    for (let q = 0; q < dimension; q++) centred[row * dimension + q] = atoms[j * dimension + q]! - mean[q]!;
  });
  const { values, vectors } = rightSingular(centred, of.length, dimension);
  const total = values.reduce((sum, value) => sum + value * value, 0);
  const explained: [number, number] = [0, 0];
  [x, y].forEach((along, direction) => {
    if (direction >= dimension) return;
    const axis = vectors.subarray(direction * dimension, (direction + 1) * dimension);
    const sign = signOfLargest(axis);
    for (let j = 0; j < concepts; j++) {
      let sum = 0;
      for (let q = 0; q < dimension; q++) sum += (atoms[j * dimension + q]! - mean[q]!) * axis[q]!;
      along[j] = sign * sum;
    }
    explained[direction] = total > 0 ? values[direction]! ** 2 / total : 0;
  });
  return { x, y, explained };
}

function signOfLargest(values: Float64Array): 1 | -1 {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? -1 : 1;
}
