/**
 * Stability of two dictionaries, max_P (1/c) Tr(Dᵀ P D′): the mean cosine of matched atoms under the
 * best one-to-one matching, without absolute values; 1 − cosine_hungarian_loss/c of overcomplete.
 * With different numbers of atoms, min(c, c′) are matched.
 */
import { Random } from "../base/random.ts";
import type { Backend } from "../kernels/backend.ts";
import { assign } from "../linalg/linear-assignment.ts";
import { eachCosineRow } from "./atom-cosines.ts";

export interface Atoms {
  readonly concepts: number;
  readonly dimension: number;
  /** c x d; need not be of unit norm. */
  readonly atoms: Float32Array;
}

export interface Matching {
  /** min(c, c′) */
  readonly matched: number;
  /** c: the atom of D′ matched to each atom of D; −1 where there is none. */
  readonly match: Int32Array;
  /** c: cosine of the match; NaN where there is none. */
  readonly cosine: Float64Array;
  /** Mean of the matched cosines. */
  readonly stability: number;
}

/**
 * Holds one c x c′ float32 matrix in memory while it runs: costs, with the smaller side as rows,
 * which is how the assignment takes them without a copy.
 */
export async function matchAtoms(backend: Backend, a: Atoms, b: Atoms): Promise<Matching> {
  const swapped = a.concepts > b.concepts;
  const [fewer, more] = swapped ? [b, a] : [a, b];
  const costs = await cosineMatrix(backend, fewer, more, -1);
  const { match, value, mean } = matchCosts(costs, fewer.concepts, more.concepts, swapped);
  return { matched: fewer.concepts, match, cosine: value, stability: mean };
}

/**
 * The best one-to-one matching by `fewer` x `more` negated similarities. `match` and `value` (the
 * similarity; −1 and NaN without a match) are by row, or by column where `swapped`.
 */
export function matchCosts(
  costs: Float32Array,
  fewer: number,
  more: number,
  swapped: boolean,
): { readonly match: Int32Array; readonly value: Float64Array; readonly mean: number } {
  const { columnOf } = assign(costs, fewer, more);
  const match = new Int32Array(swapped ? more : fewer).fill(-1);
  const value = new Float64Array(match.length).fill(NaN);
  let sum = 0;
  columnOf.forEach((column, row) => {
    const [i, j] = swapped ? [column, row] : [row, column];
    match[i] = j;
    value[i] = 0 - costs[row * more + column];
    sum += value[i];
  });
  return { match, value, mean: sum / fewer };
}

/**
 * c x c′ cosines of two sets of atoms, times `sign`; a zero atom has cosine 0 with everything. The
 * products are taken block by block, so that no second matrix lies in the backend's memory.
 */
export async function cosineMatrix(
  backend: Backend,
  a: Atoms,
  b: Atoms,
  sign: 1 | -1 = 1,
): Promise<Float32Array> {
  const out = new Float32Array(a.concepts * b.concepts);
  await eachCosineRow(backend, unitRows(a), unitRows(b), a.dimension, (i, cosines) => {
    const at = i * b.concepts;
    for (let j = 0; j < cosines.length; j++) out[at + j] = sign * cosines[j];
  });
  return out;
}

function unitRows({ atoms, concepts, dimension }: Atoms): Float32Array {
  const out = new Float32Array(concepts * dimension);
  for (let i = 0; i < concepts; i++) {
    let squared = 0;
    for (let j = 0; j < dimension; j++) squared += atoms[i * dimension + j] ** 2;
    const scale = squared === 0 ? 0 : 1 / Math.sqrt(squared);
    for (let j = 0; j < dimension; j++) out[i * dimension + j] = atoms[i * dimension + j] * scale;
  }
  return out;
}

/** Σ E_i cos_i / Σ E_i over matched concepts. */
export function energyWeightedStability(cosine: Float64Array, energies: Float64Array): number {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < cosine.length; i++) {
    if (Number.isNaN(cosine[i])) continue;
    sum += energies[i] * cosine[i];
    weight += energies[i];
  }
  return sum / weight;
}

export interface StabilityCurvePoint {
  /** The m most energetic matched concepts. */
  readonly concepts: number;
  readonly stability: number;
}

/** S(m), the mean matched cosine of the m most energetic concepts, for about 8 values of m per doubling up to all. */
export function stabilityCurve(cosine: Float64Array, energies: Float64Array): StabilityCurvePoint[] {
  const order = Array.from(cosine.keys())
    .filter((i) => !Number.isNaN(cosine[i]))
    .sort((i, j) => energies[j] - energies[i] || i - j);
  const points: StabilityCurvePoint[] = [];
  let sum = 0;
  let next = 1;
  order.forEach((i, rank) => {
    sum += cosine[i];
    const m = rank + 1;
    if (m < next && m < order.length) return;
    points.push({ concepts: m, stability: sum / m });
    next = Math.max(m + 1, Math.ceil(m * 2 ** (1 / 8)));
  });
  return points;
}

/** Unit rows in uniformly random directions: the baseline that any dictionary has to beat. */
export function randomAtoms(concepts: number, dimension: number, seed: number): Atoms {
  const random = Random.of(seed, "random dictionary");
  const atoms = Float32Array.from({ length: concepts * dimension }, () => random.normal());
  const drawn = { concepts, dimension, atoms };
  return { ...drawn, atoms: unitRows(drawn) };
}
