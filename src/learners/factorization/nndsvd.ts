/**
 * A start for non-negative factors from the leading singular triplets of X: of each the larger of
 * its positive and negative parts, scaled by the singular value; zeros become the mean of X, so
 * that multiplicative updates can move them (NNDSVDa).
 *
 * Boutsidis & Gallopoulos (2008), doi:10.1016/j.patcog.2007.09.010; the same start as
 * scikit-learn's `init="nndsvda"`, from the eigenvectors of XᵀX.
 */
import type { Backend } from "../../kernels/backend.ts";
import { gramProduct } from "../../linalg/gram-product.ts";
import { symmetricEigen } from "../../linalg/symmetric-eigen.ts";
import type { FactorShape } from "./factors.ts";
import { stopIfAsked, type Observed } from "./report-step.ts";

export interface Start {
  /** n x c */
  readonly codes: Float32Array;
  /** c x w */
  readonly atoms: Float32Array;
}

const blockRows = 4096;

export async function nndsvd(
  backend: Backend,
  shape: FactorShape,
  x: Float32Array,
  context: Omit<Observed, "log">,
): Promise<Start> {
  const { rows: n, width: w, concepts: c } = shape;
  const stop = (): void => stopIfAsked(context, 0, 1);
  const products = await gramProduct(backend, x, n, w, stop);
  const vectors = new Float32Array(symmetricEigen(products, w, c).vectors);
  stop();
  const scores = await scoresOf(backend, shape, x, vectors, stop);
  let mean = 0;
  for (let e = 0; e < x.length; e++) mean += x[e];
  mean /= x.length;
  const codes = scores;
  const atoms = new Float32Array(c * w);
  const left = new Float32Array(n);
  for (let j = 0; j < c; j++) {
    stop();
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
    context.progress({ stage: "start", done: j + 1, total: c, unit: "concepts" });
  }
  return { codes, atoms };
}

/** X·Vᵀ, n x c, by blocks of rows. */
async function scoresOf(
  backend: Backend,
  { rows: n, width: w, concepts: c }: FactorShape,
  x: Float32Array,
  vectors: Float32Array,
  stop: () => void,
): Promise<Float32Array> {
  const most = Math.min(n, blockRows);
  const [a, b, out] = [backend.floats(most * w), backend.floats(c * w), backend.floats(most * c)];
  const scores = new Float32Array(n * c);
  try {
    backend.write(b, vectors);
    for (let from = 0; from < n; from += most) {
      stop();
      const rows = Math.min(most, n - from);
      backend.write(a, x.subarray(from * w, (from + rows) * w));
      await backend.product({ a, b, out, m: rows, n: c, k: w });
      scores.set(await backend.read(out, 0, rows * c), from * c);
    }
    return scores;
  } finally {
    backend.free(a, b, out);
  }
}

const filled = (value: number, mean: number): number => (value < 1e-6 ? mean : value);

function partNorm(values: Float32Array, sign: number): number {
  let square = 0;
  for (const value of values) if (sign * value > 0) square += value * value;
  return Math.sqrt(square);
}
