/**
 * A start for non-negative factors from the leading singular triplets of X: of each the larger of
 * its positive and negative parts, scaled by the singular value; zeros become the mean of X, so
 * that multiplicative updates can move them (NNDSVDa).
 *
 * Boutsidis & Gallopoulos (2008), doi:10.1016/j.patcog.2007.09.010; the same start as
 * scikit-learn's `init="nndsvda"`. The triplets come from subspace iteration on XᵀX.
 */
import { Random } from "../../base/random.ts";
import type { Backend } from "../../kernels/backend.ts";
import { symmetricEigen } from "../../linalg/symmetric-eigen.ts";
import { transposed, type FactorShape } from "./factors.ts";

export interface Start {
  /** n x c */
  readonly codes: Float32Array;
  /** c x w */
  readonly atoms: Float32Array;
}

export async function nndsvd(
  backend: Backend,
  { rows: n, width: w, concepts: c }: FactorShape,
  x: Float32Array,
): Promise<Start> {
  const vectors = await leadingDirections(backend, { rows: n, width: w, concepts: c }, x);
  const [a, b, out] = [backend.floats(n * w), backend.floats(c * w), backend.floats(n * c)];
  backend.write(a, x);
  backend.write(b, vectors);
  await backend.product({ a, b, out, m: n, n: c, k: w });
  const scores = await backend.read(out);
  backend.free(a, b, out);
  let mean = 0;
  for (const value of x) mean += value;
  mean /= x.length;
  const codes = new Float32Array(n * c);
  const atoms = new Float32Array(c * w);
  const left = new Float32Array(n);
  for (let j = 0; j < c; j++) {
    let square = 0;
    for (let i = 0; i < n; i++) square += scores[i * c + j] ** 2;
    const sigma = Math.sqrt(square);
    for (let i = 0; i < n; i++) left[i] = sigma === 0 ? 0 : scores[i * c + j] / sigma;
    const right = vectors.subarray(j * w, (j + 1) * w);
    const positive = partNorm(left, 1) * partNorm(right, 1);
    const negative = partNorm(left, -1) * partNorm(right, -1);
    // The first pair has no sign changes on non-negative rows, whichever sign it came with.
    const sign = positive > negative ? 1 : -1;
    const scale = Math.sqrt(sigma * Math.max(positive, negative));
    const [u, v] = [scale / (partNorm(left, sign) || 1), scale / (partNorm(right, sign) || 1)];
    for (let i = 0; i < n; i++) codes[i * c + j] = filled(Math.max(0, sign * left[i]) * u, mean);
    for (let t = 0; t < w; t++) atoms[j * w + t] = filled(Math.max(0, sign * right[t]) * v, mean);
  }
  return { codes, atoms };
}

const filled = (value: number, mean: number): number => (value < 1e-6 ? mean : value);

function partNorm(values: Float32Array, sign: number): number {
  let square = 0;
  for (const value of values) if (sign * value > 0) square += value * value;
  return Math.sqrt(square);
}

/** Rounds of multiplying with XᵀX; directions beyond c that make the wanted ones settle sooner. */
const ROUNDS = 6;
const SPARE = 16;

/** c x w: the leading right singular vectors, orthonormal. */
async function leadingDirections(
  backend: Backend,
  { rows: n, width: w, concepts: c }: FactorShape,
  x: Float32Array,
): Promise<Float32Array> {
  const k = Math.min(w, c + SPARE);
  const random = Random.of(0, "subspace");
  const [xt, gram] = [backend.floats(n * w), backend.floats(w * w)];
  const [directions, images] = [backend.floats(k * w), backend.floats(k * w)];
  const [projected] = [backend.floats(k * k)];
  backend.write(xt, transposed(x, n, w));
  await backend.product({ a: xt, b: xt, out: gram, m: w, n: w, k: n });
  let basis = orthonormal(
    Float32Array.from({ length: k * w }, () => random.normal()),
    k,
    w,
  );
  for (let round = 0; round < ROUNDS; round++) {
    backend.write(directions, basis);
    await backend.product({ a: directions, b: gram, out: images, m: k, n: w, k: w });
    if (round < ROUNDS - 1) basis = orthonormal(await backend.read(images), k, w);
  }
  await backend.product({ a: images, b: directions, out: projected, m: k, n: k, k: w });
  const small = Float64Array.from(await backend.read(projected));
  backend.free(xt, gram, directions, images, projected);
  const turn = symmetricEigen(small, k, c).vectors;
  const out = new Float32Array(c * w);
  for (let j = 0; j < c; j++) {
    for (let i = 0; i < k; i++) {
      const share = turn[j * k + i];
      for (let t = 0; t < w; t++) out[j * w + t] += share * basis[i * w + t];
    }
  }
  return out;
}

/** Gram–Schmidt, twice, so that rounding leaves nothing. */
function orthonormal(rows: Float32Array, k: number, w: number): Float32Array {
  for (let i = 0; i < k; i++) {
    const row = rows.subarray(i * w, (i + 1) * w);
    for (let turn = 0; turn < 2; turn++) {
      for (let j = 0; j < i; j++) {
        let along = 0;
        for (let t = 0; t < w; t++) along += row[t] * rows[j * w + t];
        for (let t = 0; t < w; t++) row[t] -= along * rows[j * w + t];
      }
    }
    let square = 0;
    for (const value of row) square += value * value;
    const norm = Math.sqrt(square) || 1;
    for (let t = 0; t < w; t++) row[t] /= norm;
  }
  return rows;
}
