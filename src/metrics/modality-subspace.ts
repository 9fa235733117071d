/**
 * The directions along which modality can be read off linearly: the probe is fitted, its normal
 * projected out of the rows, and so on until the held-out accuracy is near chance or the limit is
 * reached (iterative nullspace projection, arXiv 2004.07667). Per concept ‖P D_i‖, P the projector
 * on their span; a random unit atom would have about √(r/d).
 */
import { curvatureAtZero } from "../linalg/logistic-regression.ts";
import type { LabelledRows, LabelledSample } from "./labelled-sample.ts";
import { modalityProbe } from "./modality-probe.ts";

export interface ModalitySubspace {
  /** r */
  readonly rank: number;
  /** r x d, orthonormal rows. */
  readonly basis: Float64Array;
  /** Held-out balanced accuracy of each probe, the last one included that was not taken. */
  readonly accuracies: readonly number[];
  /** Whether probing ended because modality was no longer readable, or at the limit. */
  readonly ended: "chance" | "limit";
}

export interface SubspaceOptions {
  /** Most directions. Default 16. */
  readonly limit?: number;
  /** Held-out balanced accuracy that counts as chance. Default 0.55. */
  readonly chance?: number;
}

export function modalitySubspace(
  sample: LabelledSample,
  dimension: number,
  options: SubspaceOptions = {},
): ModalitySubspace {
  const { limit = Math.min(16, dimension), chance = 0.55 } = options;
  const train = { ...sample.train, x: sample.train.x.slice() };
  const heldOut = { ...sample.heldOut, x: sample.heldOut.x.slice() };
  // Projected rows change the curvature little, and it only steers the search.
  const curvature = curvatureAtZero(train.x, train.isImage, dimension, { balanced: true });
  const basis: Float64Array[] = [];
  const accuracies: number[] = [];
  let ended: "chance" | "limit" = "limit";
  while (basis.length < limit) {
    const probe = modalityProbe({ train, heldOut }, dimension, { tolerance: 1e-5, curvature });
    accuracies.push(probe.heldOutAccuracy);
    const normal = orthonormal(probe.normal, basis);
    if (!(probe.heldOutAccuracy > chance) || normal === undefined) {
      ended = "chance";
      break;
    }
    basis.push(normal);
    projectOut(train, normal);
    projectOut(heldOut, normal);
  }
  const flat = new Float64Array(basis.length * dimension);
  basis.forEach((row, i) => flat.set(row, i * dimension));
  return { rank: basis.length, basis: flat, accuracies, ended };
}

/** ‖P atom‖ of every atom, in [0, 1] for unit atoms. */
export function subspaceNorms(
  atoms: Float32Array,
  concepts: number,
  dimension: number,
  { rank, basis }: Pick<ModalitySubspace, "rank" | "basis">,
): Float64Array {
  const out = new Float64Array(concepts);
  for (let i = 0; i < concepts; i++) {
    let squared = 0;
    for (let r = 0; r < rank; r++) {
      let product = 0;
      for (let j = 0; j < dimension; j++) product += atoms[i * dimension + j] * basis[r * dimension + j];
      squared += product * product;
    }
    out[i] = Math.sqrt(squared);
  }
  return out;
}

function orthonormal(direction: Float64Array, basis: readonly Float64Array[]): Float64Array | undefined {
  const out = direction.slice();
  for (let pass = 0; pass < 2; pass++) {
    for (const row of basis) {
      let product = 0;
      for (let j = 0; j < out.length; j++) product += out[j] * row[j];
      for (let j = 0; j < out.length; j++) out[j] -= product * row[j];
    }
  }
  const norm = Math.hypot(...out);
  return norm < 1e-6 ? undefined : out.map((value) => value / norm);
}

function projectOut(part: LabelledRows, direction: Float64Array): void {
  const d = direction.length;
  for (let i = 0; i < part.rows; i++) {
    const at = i * d;
    let product = 0;
    for (let j = 0; j < d; j++) product += part.x[at + j] * direction[j];
    for (let j = 0; j < d; j++) part.x[at + j] -= product * direction[j];
  }
}
