/**
 * Stability of two dictionaries, max_P (1/c) Tr(Dᵀ P D′): the mean cosine of matched atoms under the
 * best one-to-one matching, without absolute values; 1 − cosine_hungarian_loss/c of overcomplete.
 * With different numbers of atoms, min(c, c′) are matched.
 */
import { Random } from "../base/random.ts";
import type { Backend } from "../kernels/backend.ts";
import { assign } from "../linalg/linear-assignment.ts";

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

/** Holds c x c′ float32 cosines in memory while it runs. */
export async function matchAtoms(backend: Backend, a: Atoms, b: Atoms): Promise<Matching> {
  const cosines = await cosineMatrix(backend, a, b);
  const { columnOf } = assign(cosines, a.concepts, b.concepts, { maximize: true });
  const cosine = Float64Array.from(columnOf, (j, i) => (j < 0 ? NaN : cosines[i * b.concepts + j]));
  const matched = Math.min(a.concepts, b.concepts);
  let sum = 0;
  for (const value of cosine) if (!Number.isNaN(value)) sum += value;
  return { matched, match: columnOf, cosine, stability: sum / matched };
}

/** c x c′ cosines of two sets of atoms; a zero atom has cosine 0 with everything. */
export async function cosineMatrix(backend: Backend, a: Atoms, b: Atoms): Promise<Float32Array> {
  const left = backend.floats(a.concepts * a.dimension);
  const right = backend.floats(b.concepts * b.dimension);
  const out = backend.floats(a.concepts * b.concepts);
  try {
    backend.write(left, unitRows(a));
    backend.write(right, unitRows(b));
    await backend.product({ a: left, b: right, out, m: a.concepts, n: b.concepts, k: a.dimension });
    return await backend.read(out);
  } finally {
    backend.free(left, right, out);
  }
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
