/**
 * Eigenvalues and eigenvectors of a dense symmetric matrix: Householder reduction to tridiagonal form
 * T = QᵀAQ (float64 kernels), the values of T by implicit QL (EISPACK tql2; Wilkinson & Reinsch,
 * Handbook for Automatic Computation II), its vectors by inverse iteration, or by QL where that does
 * not settle, and Q back on them. Vectors are kept as rows, so that every inner loop runs along memory.
 */
import { ViaductError, badInput } from "../base/errors.ts";
import { withFloat64Kernels } from "../kernels/float64/float64-kernels.ts";
import { tridiagonalVectors } from "./tridiagonal-vectors.ts";

export interface SymmetricEigen {
  /** n, descending. */
  readonly values: Float64Array;
  /** count x n: row i is the unit eigenvector of `values[i]`. */
  readonly vectors: Float64Array;
}

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
  // The matrix, the vectors, the tridiagonal form, reflection lengths and two rows of scratch.
  const a = 0;
  const v = n * n;
  const [d, e, h, p, q] = [0, 1, 2, 3, 4].map((row) => v + (count + row) * n);
  return withFloat64Kernels(v + (count + 5) * n, (kernels, memory) => {
    memory.set(matrix, a);
    kernels.tridiagonalise(8 * a, n, 8 * d, 8 * e, 8 * h, 8 * p, 8 * q);
    const diagonal = memory.slice(d, d + n);
    const offDiagonal = memory.slice(e, e + n);
    const values = diagonal.slice();
    implicitQl(values, offDiagonal.slice(), null, n);
    values.sort().reverse();
    if (count === 0) return { values, vectors: new Float64Array(0) };
    const vectors = memory.subarray(v, v + count * n);
    const takeOut = (y: number, rows: number, taken: number): void =>
      kernels.takeOut(8 * (v + y * n), 8 * (v + rows * n), taken, n);
    if (!tridiagonalVectors(diagonal, offDiagonal, values.subarray(0, count), vectors, takeOut)) {
      vectors.set(vectorsByQl(diagonal, offDiagonal, n).subarray(0, count * n));
    }
    kernels.reflectRows(8 * v, count, 8 * a, n, 8 * h);
    return { values, vectors: vectors.slice() };
  });
}

/** All vectors of the tridiagonal matrix as rows, n x n, by descending value. */
function vectorsByQl(diagonal: Float64Array, offDiagonal: Float64Array, n: number): Float64Array {
  const values = diagonal.slice();
  const found = new Float64Array(n * n);
  for (let i = 0; i < n; i++) found[i * n + i] = 1;
  implicitQl(values, offDiagonal.slice(), found, n);
  const order = Array.from(values.keys()).sort((i, j) => values[j] - values[i] || i - j);
  const rows = new Float64Array(n * n);
  order.forEach((from, to) => rows.set(found.subarray(from * n, from * n + n), to * n));
  return rows;
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
