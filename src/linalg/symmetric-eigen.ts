/**
 * Eigenvalues and eigenvectors of a dense symmetric matrix: Householder reduction to tridiagonal
 * form, then implicit QL (EISPACK tred2 and tql2; Wilkinson & Reinsch, Handbook for Automatic
 * Computation II). Vectors are kept as rows, so that every inner loop runs along memory. Where few
 * of them are asked for, QL gives the values alone and inverse iteration the vectors.
 */
import { ViaductError, badInput } from "../base/errors.ts";
import { tridiagonalVectors } from "./tridiagonal-vectors.ts";

export interface SymmetricEigen {
  /** n, descending. */
  readonly values: Float64Array;
  /** count x n: row i is the unit eigenvector of `values[i]`. */
  readonly vectors: Float64Array;
}

/** The largest share of vectors that inverse iteration finds sooner than QL finds all of them. */
const fewVectors = 0.5;

/**
 * All values and the `count` leading vectors (default: all). `matrix` (n x n, row-major) is read, not
 * changed; only its lower triangle counts.
 */
export function symmetricEigen(matrix: Float64Array, n: number, count = n): SymmetricEigen {
  if (matrix.length !== n * n)
    throw badInput(`symmetric matrix: found ${matrix.length} numbers, expected ${n} x ${n}`);
  for (let i = 0; i < matrix.length; i++) {
    if (!Number.isFinite(matrix[i]))
      throw badInput(
        `symmetric matrix: found ${matrix[i]} at (${Math.floor(i / n)}, ${i % n}), expected finite`,
      );
  }
  const a = matrix.slice();
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const scales = tridiagonalise(a, n, diagonal, offDiagonal);
  if (count <= fewVectors * n) {
    const values = diagonal.slice();
    implicitQl(values, offDiagonal.slice(), null, n);
    values.sort().reverse();
    const vectors = tridiagonalVectors(diagonal, offDiagonal, values.subarray(0, count));
    if (vectors !== null) {
      for (let i = 2; i < n; i++) reflectRows(vectors, count, a, i, n, scales[i]);
      return { values, vectors };
    }
  }
  const vectors = accumulateTransposed(a, n, scales);
  implicitQl(diagonal, offDiagonal, vectors, n);
  return sortDescending(diagonal, vectors, n, count);
}

/**
 * Reduces the lower triangle of `a` to tridiagonal form. Row i then holds, in its first i places,
 * the Householder vector u_i with P_i = I − u_i u_iᵀ / h_i; the returned array holds h_i (0: none).
 */
function tridiagonalise(a: Float64Array, n: number, d: Float64Array, e: Float64Array): Float64Array {
  const h = new Float64Array(n);
  const p = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(a[row + k]);
    if (i === 1 || scale === 0) {
      e[i] = a[row + i - 1];
      continue;
    }
    let sum = 0;
    for (let k = 0; k < i; k++) {
      a[row + k] /= scale;
      sum += a[row + k] * a[row + k];
    }
    const f = a[row + i - 1];
    const g = f >= 0 ? -Math.sqrt(sum) : Math.sqrt(sum);
    e[i] = scale * g;
    const hi = sum - f * g;
    h[i] = hi;
    a[row + i - 1] = f - g;
    // p = A u / h over the leading i x i block, from its lower triangle.
    p.fill(0, 0, i);
    for (let j = 0; j < i; j++) {
      const at = j * n;
      const uj = a[row + j];
      let dot = 0;
      for (let k = 0; k < j; k++) {
        dot += a[at + k] * a[row + k];
        p[k] += a[at + k] * uj;
      }
      p[j] += dot + a[at + j] * uj;
    }
    let up = 0;
    for (let j = 0; j < i; j++) {
      p[j] /= hi;
      up += p[j] * a[row + j];
    }
    const half = up / (2 * hi);
    for (let j = 0; j < i; j++) p[j] -= half * a[row + j];
    for (let j = 0; j < i; j++) {
      const at = j * n;
      const uj = a[row + j];
      const qj = p[j];
      for (let k = 0; k <= j; k++) a[at + k] -= uj * p[k] + qj * a[row + k];
    }
  }
  for (let i = 0; i < n; i++) d[i] = a[i * n + i];
  return h;
}

/** Rows of the product's transpose (P_{n−1} … P_2)ᵀ, built from small blocks to large. */
function accumulateTransposed(a: Float64Array, n: number, h: Float64Array): Float64Array {
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  // The product so far touches only its leading i x i block.
  for (let i = 2; i < n; i++) reflectRows(v, i, a, i, n, h[i]);
  return v;
}

/**
 * V ← V P_i for the first `count` rows of V, four at once so that their sums do not wait for each
 * other; u_i lies in row i of `a`.
 */
function reflectRows(v: Float64Array, count: number, a: Float64Array, i: number, n: number, h: number): void {
  if (h === 0) return;
  const row = i * n;
  let j = 0;
  for (; j + 4 <= count; j += 4) reflectFour(v, j * n, n, a, row, i, h);
  for (; j < count; j++) {
    const at = j * n;
    let dot = 0;
    for (let k = 0; k < i; k++) dot += v[at + k] * a[row + k];
    dot /= h;
    for (let k = 0; k < i; k++) v[at + k] -= dot * a[row + k];
  }
}

/** The four rows of `v` from `at` on, less their part along u = a[row …] of length i. */
function reflectFour(
  v: Float64Array,
  at: number,
  n: number,
  a: Float64Array,
  row: number,
  i: number,
  h: number,
): void {
  const [at1, at2, at3] = [at + n, at + 2 * n, at + 3 * n];
  let [d0, d1, d2, d3] = [0, 0, 0, 0];
  for (let k = 0; k < i; k++) {
    const u = a[row + k];
    d0 += v[at + k] * u;
    d1 += v[at1 + k] * u;
    d2 += v[at2 + k] * u;
    d3 += v[at3 + k] * u;
  }
  d0 /= h;
  d1 /= h;
  d2 /= h;
  d3 /= h;
  for (let k = 0; k < i; k++) {
    const u = a[row + k];
    v[at + k] -= d0 * u;
    v[at1 + k] -= d1 * u;
    v[at2 + k] -= d2 * u;
    v[at3 + k] -= d3 * u;
  }
}

/**
 * Sweeps after which an off-diagonal entry may be dropped that is small beside the whole matrix
 * only: beside its neighbours it cannot become so where many eigenvalues are zero up to rounding.
 */
const patientSweeps = 20;

/** QL with implicit shifts; `v`, where given, holds vectors as rows and takes part in every rotation. */
function implicitQl(d: Float64Array, e: Float64Array, v: Float64Array | null, n: number): void {
  for (let i = 1; i < n; i++) e[i - 1] = e[i];
  e[n - 1] = 0;
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]) + Math.abs(e[i]));
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l;
      for (; m < n - 1; m++) {
        const size = Math.abs(d[m]) + Math.abs(d[m + 1]);
        if (Math.abs(e[m]) <= Number.EPSILON * (sweep < patientSweeps ? size : norm)) break;
      }
      if (m === l) break;
      if (sweep === 60)
        throw new ViaductError("bad-input", `eigenvalue ${l} of ${n} did not converge in 60 sweeps`);
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      // A rotation that waits for the next one, so that both pass over their three rows together.
      let waiting = false;
      let heldC = 1;
      let heldS = 0;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        if (v === null) continue;
        if (waiting) rotateThree(v, i * n, n, heldC, heldS, c, s);
        heldC = c;
        heldS = s;
        waiting = !waiting;
      }
      // The last rotation turned rows i + 1 and i + 2, whether the loop ran out or broke off.
      if (v !== null && waiting) rotateRows(v, (i + 1) * n, n, heldC, heldS);
      if (r === 0 && i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

/** Rows at `at` and `at + n` turned by the rotation (c, s). */
function rotateRows(v: Float64Array, at: number, n: number, c: number, s: number): void {
  for (let k = at; k < at + n; k++) {
    const lower = v[k + n];
    const upper = v[k];
    v[k + n] = s * upper + c * lower;
    v[k] = c * upper - s * lower;
  }
}

/** Rows at `at + n` and `at + 2n` turned by (c1, s1), then those at `at` and `at + n` by (c2, s2). */
function rotateThree(
  v: Float64Array,
  at: number,
  n: number,
  c1: number,
  s1: number,
  c2: number,
  s2: number,
): void {
  for (let k = at; k < at + n; k++) {
    const lower = v[k + 2 * n];
    const middle = v[k + n];
    const upper = v[k];
    const turned = c1 * middle - s1 * lower;
    v[k + 2 * n] = s1 * middle + c1 * lower;
    v[k + n] = s2 * upper + c2 * turned;
    v[k] = c2 * upper - s2 * turned;
  }
}

function sortDescending(
  values: Float64Array,
  vectors: Float64Array,
  n: number,
  count: number,
): SymmetricEigen {
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => values[j] - values[i] || i - j);
  const sorted = new Float64Array(n);
  const rows = new Float64Array(count * n);
  order.forEach((from, to) => {
    sorted[to] = values[from];
    if (to < count) rows.set(vectors.subarray(from * n, from * n + n), to * n);
  });
  return { values: sorted, vectors: rows };
}
