/** Least-squares problems for conformance, and what their results are judged by. */
import { Random } from "../../base/random.ts";
import type { Backend, LeastSquares } from "../backend.ts";
import { floatsFrom, normals, type Shape } from "./problem.ts";

export interface LeastSquaresVariant {
  readonly l1: number;
  readonly positive: boolean;
  readonly until: LeastSquares["until"];
  /** Start from codes of which half are 0 instead of from zeros. */
  readonly warm?: boolean;
  /** Atoms that share most of their direction: cosines of about 0.5. */
  readonly alike?: boolean;
}

export const leastSquaresVariants: readonly (readonly [string, LeastSquaresVariant])[] = [
  ["one positive pass", { l1: 0, positive: true, until: { sweeps: 1 }, warm: true }],
  ["two signed passes", { l1: 0.2, positive: false, until: { sweeps: 2 }, warm: true }],
  ["non-negative", { l1: 0, positive: true, until: { tolerance: 1e-4 } }],
  ["sparse", { l1: 0.3, positive: false, until: { tolerance: 1e-4 } }],
  ["sparse and non-negative, warm", { l1: 0.1, positive: true, until: { tolerance: 1e-4 }, warm: true }],
  ["alike", { l1: 0.3, positive: false, until: { tolerance: 1e-4 }, alike: true }],
  ["alike and non-negative", { l1: 0, positive: true, until: { tolerance: 1e-4 }, alike: true }],
];

/** Codes, reported violation, and every row's objective ½ zᵀGz − qᵀz + l1·Σ|z|, in float64. */
export async function solveOn(
  backend: Backend,
  { rows, dimension: d, concepts: c }: Shape,
  { l1, positive, until, warm = false, alike = false }: LeastSquaresVariant,
  seed: number,
): Promise<{ codes: Float32Array; violation: number; unsettled: number; objectives: Float64Array }> {
  const random = Random.of(seed, "least squares");
  const atoms = normals(random, c * d);
  const x = normals(random, rows * d);
  if (alike) {
    const shared = normals(random, d);
    for (let e = 0; e < atoms.length; e++) atoms[e] = shared[e % d] + atoms[e];
  }
  for (let j = 0; j < c; j++) {
    const row = atoms.subarray(j * d, (j + 1) * d);
    // Every seventh atom is nothing.
    const norm = j % 7 === 6 ? Infinity : Math.hypot(...row);
    for (let t = 0; t < d; t++) row[t] /= norm;
  }
  const q = inner(x, atoms, rows, c, d);
  const gram = inner(atoms, atoms, c, c, d);
  const start = new Float32Array(rows * c);
  if (warm) {
    for (let e = 0; e < start.length; e++) {
      const value = Math.max(0, random.normal()) / 4;
      if (gram[(e % c) * (c + 1)] > 0) start[e] = value;
    }
  }
  const [correlations, shared, held] = [q, gram, start].map((values) => floatsFrom(backend, values));
  const { violation, unsettled } = await backend.leastSquares({
    correlations,
    gram: shared,
    codes: held,
    rows,
    concepts: c,
    l1,
    positive,
    until,
  });
  const codes = await backend.read(held);
  backend.free(correlations, shared, held);
  const objectives = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < c; j++) {
      const z = codes[i * c + j];
      if (z === 0) continue;
      let gz = 0;
      for (let k = 0; k < c; k++) gz += gram[j * c + k] * codes[i * c + k];
      objectives[i] += z * (0.5 * gz - q[i * c + j]) + l1 * Math.abs(z);
    }
  }
  return { codes, violation, unsettled, objectives };
}

function inner(a: Float32Array, b: Float32Array, m: number, n: number, k: number): Float32Array {
  const out = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let t = 0; t < k; t++) sum += a[i * k + t] * b[j * k + t];
      out[i * n + j] = sum;
    }
  }
  return out;
}
