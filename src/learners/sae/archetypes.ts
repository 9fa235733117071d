/**
 * Relaxed archetypal atoms: D_j = a_j/‖a_j‖ with a_j = Σ_s W_js·C_{S(j,s)} + Λ_j, where C are candidate
 * points of the data, W ≥ 0 with rows that sum to 1, and ‖Λ_j‖ ≤ δ (arXiv 2502.12892, equation 4,
 * with the scale of an atom left to its codes). S(j, ·) are the candidates that concept j may mix:
 * with all of them it is the paper's W; with the nearest few, mixing costs c·s·d instead of c·p·d.
 */
import { Random } from "../../base/random.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { JointRows } from "../joint-rows.ts";
import { prepareRows, type Preparation } from "../preparation.ts";

/** A trained array on the heap with Adam's memory of it. */
export interface TrainedArray {
  readonly values: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export interface ArchetypeShape {
  /** p */
  readonly candidates: number;
  /** Candidates that an atom may mix. */
  readonly support: number;
}

/** Everything that makes the atoms; part of every checkpoint. */
export interface Archetypes extends ArchetypeShape {
  readonly concepts: number;
  readonly dimension: number;
  /** p x d, prepared rows. */
  readonly points: Float32Array;
  /** c x s: numbers of candidates, ascending. */
  readonly mixed: Uint32Array;
  /** c x s, W */
  readonly weights: TrainedArray;
  /** c x d, Λ */
  readonly relaxation: TrainedArray;
}

export function allocateArchetypes(
  { candidates, support }: ArchetypeShape,
  concepts: number,
  dimension: number,
): Archetypes {
  const trained = (length: number): TrainedArray => ({
    values: new Float32Array(length),
    first: new Float32Array(length),
    second: new Float32Array(length),
  });
  return {
    candidates,
    support,
    concepts,
    dimension,
    points: new Float32Array(candidates * dimension),
    mixed: new Uint32Array(concepts * support),
    weights: trained(concepts * support),
    relaxation: trained(concepts * dimension),
  };
}

/** Every array by its name in a checkpoint; none for methods without archetypes. */
export function archetypeArrays(
  archetypes: Archetypes | undefined,
): { name: string; shape: readonly number[]; data: Float32Array | Uint32Array }[] {
  if (!archetypes) return [];
  const {
    points,
    mixed,
    weights,
    relaxation,
    concepts: c,
    dimension: d,
    support: s,
    candidates: p,
  } = archetypes;
  const of = (name: string, shape: readonly number[], { values, first, second }: TrainedArray) => [
    { name, shape, data: values },
    { name: `${name}.first`, shape, data: first },
    { name: `${name}.second`, shape, data: second },
  ];
  return [
    { name: "candidates", shape: [p, d], data: points },
    { name: "mixed", shape: [c, s], data: mixed },
    ...of("weights", [c, s], weights),
    ...of("relaxation", [c, d], relaxation),
  ];
}

/**
 * Draws the candidates among the training rows, the same whatever the run's seed, so that runs of
 * other seeds mix the same points. Atoms start on one candidate each, in order, and on mixtures of
 * two where there are more concepts; each may mix the candidates nearest to its start. Returns the
 * unit atoms, c x d.
 */
export async function startArchetypes(
  backend: Backend,
  archetypes: Archetypes,
  source: JointRows,
  train: Uint32Array,
  preparation: Preparation,
  seed: number,
): Promise<Float32Array> {
  const { candidates: p, concepts: c, support: s, dimension: d, points, mixed, weights } = archetypes;
  const trained = new Set(train);
  const drawn = Random.of(0, "archetypes")
    .permutation(source.rows)
    .filter((row) => trained.has(row))
    .subarray(0, p);
  await source.gather(drawn, points);
  prepareRows(preparation, source, drawn, points);

  const random = Random.of(seed, "mixtures of archetypes");
  const start = Array.from({ length: c }, (_, j): Map<number, number> => {
    if (j < p) return new Map([[j, 1]]);
    const [one, other, share] = [random.integer(p), random.integer(p), random.uniform()];
    const pair: [number, number][] = [
      [one, share],
      [other, 1 - share],
    ];
    return new Map(one === other || s === 1 ? [[one, 1]] : pair);
  });
  const atoms = new Float32Array(c * d);
  start.forEach((mixture, j) => {
    for (const [i, share] of mixture) {
      for (let t = 0; t < d; t++) atoms[j * d + t] += share * points[i * d + t];
    }
  });
  const near = await nearest(backend, unitRows(atoms, d), unitRows(points, d), d, s);
  start.forEach((mixture, j) => {
    const chosen = new Set(mixture.keys());
    for (const i of near.subarray(j * s, (j + 1) * s)) if (chosen.size < s) chosen.add(i);
    const ascending = Array.from(chosen).sort((a, b) => a - b);
    ascending.forEach((i, at) => {
      mixed[j * s + at] = i;
      weights.values[j * s + at] = mixture.get(i) ?? 0;
    });
  });
  return unitRows(atoms, d);
}

/** Numbers of the `count` points with the highest cosine to every row, rows x count. */
async function nearest(
  backend: Backend,
  rows: Float32Array,
  points: Float32Array,
  d: number,
  count: number,
): Promise<Uint32Array> {
  const [n, p] = [rows.length / d, points.length / d];
  const block = Math.min(n, 1024);
  const x = backend.floats(block * d);
  const encoder = backend.floats(points.length);
  const codes = backend.codes(block, p);
  const out = new Uint32Array(n * count);
  try {
    backend.write(encoder, points);
    for (let from = 0; from < n; from += block) {
      const held = Math.min(block, n - from);
      backend.write(x, rows.subarray(from * d, (from + held) * d));
      const selection = { kind: "topk", k: count, signed: true } as const;
      await backend.encode({ x, rows: held, dimension: d, encoder, concepts: p, selection, codes });
      out.set((await backend.readCodes(codes, held)).concept, from * count);
    }
    return out;
  } finally {
    backend.free(x, encoder, codes);
  }
}

/** The rows at unit norm; those without direction stay zero. */
function unitRows(rows: Float32Array, d: number): Float32Array {
  const out = rows.slice();
  normaliseRows(out, d);
  return out;
}

/** Scales rows to unit norm in place and returns the norms they had, at least 1e-12. */
export function normaliseRows(rows: Float32Array, d: number): Float64Array {
  const norms = new Float64Array(rows.length / d);
  for (let j = 0; j < norms.length; j++) {
    let square = 0;
    for (let t = j * d; t < (j + 1) * d; t++) square += rows[t] * rows[t];
    norms[j] = Math.max(Math.sqrt(square), 1e-12);
    for (let t = j * d; t < (j + 1) * d; t++) rows[t] /= norms[j];
  }
  return norms;
}

/** W, or zeros in its places, as codes of c rows over p candidates. */
export function asCodes({ concepts, candidates, support, mixed, weights }: Archetypes): SparseCodes {
  return {
    rows: concepts,
    concepts: candidates,
    rowStart: Uint32Array.from({ length: concepts + 1 }, (_, j) => j * support),
    concept: mixed,
    value: weights.values,
  };
}

/** Makes rows of W non-negative with sum 1; a row without a positive entry goes back to what it was. */
export function projectWeights({ weights, concepts, support: s }: Archetypes, before: Float32Array): void {
  const { values } = weights;
  for (let j = 0; j < concepts; j++) {
    let sum = 0;
    for (let at = j * s; at < (j + 1) * s; at++) sum += Math.max(0, values[at]);
    for (let at = j * s; at < (j + 1) * s; at++) {
      values[at] = sum > 0 ? Math.max(0, values[at]) / sum : before[at];
    }
  }
}

/** Scales rows of Λ down to norm δ. */
export function projectRelaxation({ relaxation, concepts, dimension: d }: Archetypes, delta: number): void {
  const { values } = relaxation;
  for (let j = 0; j < concepts; j++) {
    let square = 0;
    for (let t = j * d; t < (j + 1) * d; t++) square += values[t] * values[t];
    const norm = Math.sqrt(square);
    if (norm <= delta) continue;
    for (let t = j * d; t < (j + 1) * d; t++) values[t] *= delta / norm;
  }
}
