/**
 * FastICA, parallel, with G = log cosh on whitened rows: with Y = W·X̃ᵀ and g = tanh,
 *   W ← (W⁺W⁺ᵀ)^(−½) W⁺,   W⁺ = g(Y)·X̃/n − diag(mean g′(Y))·W
 * until no row of W turns by more than the tolerance. Hyvärinen and Oja (2000); scikit-learn's
 * `FastICA(algorithm="parallel", fun="logcosh", whiten="unit-variance")`.
 *
 * Whitening K = Σ⁻¹Vᵀ comes from the singular value decomposition X = UΣVᵀ (first entry of every
 * row of Vᵀ positive, so that one start means one result): X̃ = √n·X·Kᵀ has unit covariance, the
 * unmixing is √n·W·K, and its pseudo-inverse, the mixing, VΣWᵀ/√n.
 */
import { gram } from "../../linalg/gram.ts";
import { symmetricEigen } from "../../linalg/symmetric-eigen.ts";
import type { Backend, Floats } from "../../kernels/backend.ts";
import { singularDirections } from "./singular-directions.ts";

export interface Unmixed {
  /** c x d: sources s = U·x of unit variance. */
  readonly unmixing: Float32Array<ArrayBuffer>;
  /** c x d: row j is what source j adds to a row, x ≈ Σ s_j·M_j. */
  readonly mixing: Float32Array<ArrayBuffer>;
  /** The mixing of the start. */
  readonly initialMixing: Float32Array<ArrayBuffer>;
  readonly steps: number;
  readonly ended: "converged" | "completed";
}

export interface IcaProblem {
  /** n x d, centred */
  readonly x: Float32Array;
  readonly rows: number;
  readonly dimension: number;
  readonly concepts: number;
  /** c x c: where W begins, before it is made orthogonal. */
  readonly start: Float64Array;
  readonly iterations: number;
  readonly tolerance: number;
  /** Called after every step with the most that a row of W turned, 1 − |cos|; may throw to stop. */
  readonly observe: (step: number, turned: number) => void;
}

/**
 * Singular values below this share of the largest cannot be told from the rounding of float32
 * products, which leaves about 3e-4 of it: there is nothing to whiten.
 */
const leastShare = 1e-3;

/** Rows that are turned by W, bent by tanh and multiplied back at once. */
const blockRows = 4096;

/** A block of X̃ on the backend, rows x c. */
interface WhiteBlock {
  readonly rows: number;
  readonly values: Floats;
}

export async function fastIca(backend: Backend, problem: IcaProblem): Promise<Unmixed & { rank: number }> {
  const { x, rows: n, dimension: d, concepts: c, iterations, tolerance, observe } = problem;
  const { values, directions } = await singularDirections(backend, x, { rows: n, dimension: d, count: c });
  for (let j = 0; j < c; j++) {
    const sign = directions[j * d] < 0 ? -1 : 1;
    for (let t = j * d; t < (j + 1) * d; t++) directions[t] *= sign;
  }
  const rank = values.filter((value) => value > leastShare * values[0]).length;
  const size = (j: number): number => Math.max(values[j], leastShare * values[0], Number.MIN_VALUE);
  const white = await whiten(backend, problem, directions, size);
  const turn = backend.floats(c * c);
  const sources = backend.floats(Math.min(n, blockRows) * c);
  const out = backend.floats(c * c);
  const w0 = orthogonalised(problem.start, c);
  let w = w0;
  let steps = 0;
  let ended: Unmixed["ended"] = "completed";
  try {
    while (steps < iterations) {
      backend.write(turn, Float32Array.from(w));
      const products = new Float64Array(c * c);
      const squares = new Float64Array(c);
      for (const { rows, values: block } of white) {
        await backend.product({ a: block, b: turn, out: sources, m: rows, n: c, k: c });
        const y = await backend.read(sources, 0, rows * c);
        tanhInPlace(y, c, squares);
        backend.write(sources, y);
        await backend.columnProduct({ a: sources, b: block, out, m: c, n: c, k: rows });
        const found = await backend.read(out);
        for (let e = 0; e < found.length; e++) products[e] += found[e];
      }
      const step = new Float64Array(c * c);
      for (let i = 0; i < c; i++) {
        const slope = 1 - squares[i] / n;
        for (let e = i * c; e < (i + 1) * c; e++) step[e] = products[e] / n - slope * w[e];
      }
      const next = orthogonalised(step, c);
      const turned = mostTurned(next, w, c);
      w = next;
      observe(++steps, turned);
      if (turned < tolerance) {
        ended = "converged";
        break;
      }
    }
  } finally {
    backend.free(turn, sources, out, ...white.map((block) => block.values));
  }
  const root = Math.sqrt(n);
  const mixed = (rotation: Float64Array, weight: (j: number) => number): Float32Array<ArrayBuffer> => {
    const rowsOut = new Float32Array(c * d);
    const sum = new Float64Array(d);
    for (let i = 0; i < c; i++) {
      sum.fill(0);
      for (let j = 0; j < c; j++) {
        const factor = rotation[i * c + j] * weight(j);
        for (let t = 0; t < d; t++) sum[t] += factor * directions[j * d + t];
      }
      rowsOut.set(sum, i * d);
    }
    return rowsOut;
  };
  return {
    unmixing: mixed(w, (j) => root / size(j)),
    mixing: mixed(w, (j) => size(j) / root),
    initialMixing: mixed(w0, (j) => size(j) / root),
    steps,
    ended,
    rank,
  };
}

/** X̃ = √n·X·Kᵀ, n x c, in blocks of rows. */
async function whiten(
  backend: Backend,
  { x, rows: n, dimension: d, concepts: c }: IcaProblem,
  directions: Float32Array,
  size: (j: number) => number,
): Promise<WhiteBlock[]> {
  const held = backend.floats(Math.min(n, blockRows) * d);
  const weights = backend.floats(c * d);
  const blocks: WhiteBlock[] = [];
  try {
    backend.write(
      weights,
      directions.map((value, e) => (value * Math.sqrt(n)) / size(Math.floor(e / d))),
    );
    for (let from = 0; from < n; from += blockRows) {
      const rows = Math.min(blockRows, n - from);
      const values = backend.floats(rows * c);
      blocks.push({ rows, values });
      backend.write(held, x.subarray(from * d, (from + rows) * d));
      await backend.product({ a: held, b: weights, out: values, m: rows, n: c, k: d });
    }
    return blocks;
  } catch (error) {
    backend.free(...blocks.map((block) => block.values));
    throw error;
  } finally {
    backend.free(held, weights);
  }
}

/** (WWᵀ)^(−½)·W = W·(WᵀW)^(−½), in float64: a source that is nearly Gaussian leaves W⁺ a tiny row. */
function orthogonalised(w: Float64Array, c: number): Float64Array {
  const { values, vectors } = symmetricEigen(gram(w, c, c), c);
  const least = Number.EPSILON * values[0] || Number.MIN_VALUE;
  // (WᵀW)^(−½) = Σ vᵢvᵢᵀ/√λᵢ: the Gram matrix of the rows vᵢ/λᵢ^¼.
  for (let i = 0; i < c; i++) {
    const scale = Math.max(values[i], least) ** -0.25;
    for (let t = i * c; t < (i + 1) * c; t++) vectors[t] *= scale;
  }
  return multiply(w, gram(vectors, c, c), c);
}

/** a·b, all c x c; four rows of b at a time. */
function multiply(a: Float64Array, b: Float64Array, c: number): Float64Array {
  const out = new Float64Array(c * c);
  for (let i = 0; i < c; i++) {
    const at = i * c;
    let k = 0;
    for (; k + 4 <= c; k += 4) {
      const [f0, f1, f2, f3] = [a[at + k], a[at + k + 1], a[at + k + 2], a[at + k + 3]];
      const row = k * c;
      for (let j = 0; j < c; j++) {
        const from = row + j;
        out[at + j] += f0 * b[from] + f1 * b[from + c] + f2 * b[from + 2 * c] + f3 * b[from + 3 * c];
      }
    }
    for (; k < c; k++) for (let j = 0; j < c; j++) out[at + j] += a[at + k] * b[k * c + j];
  }
  return out;
}

function mostTurned(a: Float64Array, b: Float64Array, c: number): number {
  let most = 0;
  for (let i = 0; i < c; i++) {
    let cosine = 0;
    for (let t = i * c; t < (i + 1) * c; t++) cosine += a[t] * b[t];
    most = Math.max(most, Math.abs(Math.abs(cosine) - 1));
  }
  return most;
}

/** y ← tanh(y), rows x c; adds the squares of every column to `squares`. */
function tanhInPlace(y: Float32Array, c: number, squares: Float64Array): void {
  for (let at = 0; at < y.length; at += c) {
    for (let i = 0; i < c; i++) {
      const value = tanh(y[at + i]);
      y[at + i] = value;
      squares[i] += value * value;
    }
  }
}

/**
 * tanh as a quotient of polynomials, within 4e-7 everywhere, several times faster than `Math.tanh`
 * (the coefficients that Eigen and XLA use in float32).
 */
export function tanh(value: number): number {
  const x = value > 7.9 ? 7.9 : value < -7.9 ? -7.9 : value;
  const s = x * x;
  const p =
    ((((((-2.76076847742355e-16 * s + 2.00018790482477e-13) * s - 8.60467152213735e-11) * s +
      5.12229709037114e-8) *
      s +
      1.48572235717979e-5) *
      s +
      6.37261928875436e-4) *
      s +
      4.89352455891786e-3) *
    x;
  return (
    p / (((1.19825839466702e-6 * s + 1.18534705686654e-4) * s + 2.268434632439e-3) * s + 4.89352518554385e-3)
  );
}
