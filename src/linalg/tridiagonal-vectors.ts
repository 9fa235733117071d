/**
 * Eigenvectors of a symmetric tridiagonal matrix T whose eigenvalues are known, by inverse iteration:
 * (T − λI)·y ← y from a random start, by Gaussian elimination with partial pivoting, every solution
 * made orthogonal to the vectors of its cluster, and the last one to all found before (Peters and
 * Wilkinson 1971; LAPACK's dstein, which has wider clusters and leaves out the last).
 */
import { Random } from "../base/random.ts";

/** Eigenvalues closer than this share of ‖T‖ are a cluster: beyond it ε·‖T‖/gap is below 1e-7. */
const clusterShare = 1e-8;
const starts = 4;
const solutions = 6;

/**
 * `diagonal` n, `offDiagonal` n (entry i couples i − 1 and i, the first one unused), `values` the
 * eigenvalues whose vectors are asked for. Gives values.length x n, rows orthonormal, or null where a
 * vector does not reach ‖Ty − λy‖ ≤ 4·√n·ε·‖T‖.
 */
export function tridiagonalVectors(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  values: Float64Array,
): Float64Array | null {
  const n = diagonal.length;
  let norm = 0;
  for (let i = 0; i < n; i++) {
    const after = i + 1 < n ? Math.abs(offDiagonal[i + 1]) : 0;
    norm = Math.max(norm, Math.abs(diagonal[i]) + (i > 0 ? Math.abs(offDiagonal[i]) : 0) + after);
  }
  const least = Number.EPSILON * norm || Number.EPSILON;
  const random = Random.of(0, "inverse iteration");
  const found = new Float64Array(values.length * n);
  let first = 0;
  for (let j = 0; j < values.length; j++) {
    if (j > 0 && Math.abs(values[j - 1] - values[j]) > clusterShare * norm) first = j;
    const solve = elimination(diagonal, offDiagonal, values[j], least);
    const y = found.subarray(j * n, (j + 1) * n);
    let settled = false;
    for (let start = 0; start < starts && !settled; start++) {
      for (let i = 0; i < n; i++) y[i] = random.normal();
      orthonormalise(y, found.subarray(first * n), j - first, n);
      for (let turn = 0; turn < solutions && !settled; turn++) {
        solve(y);
        if (!orthonormalise(y, found.subarray(first * n), j - first, n)) break;
        // The first solution is only as clean of its neighbours as the start was: always a second one.
        if (turn === 0) continue;
        if (first > 0) orthonormalise(y, found, first, n, 1);
        settled = residual(diagonal, offDiagonal, values[j], y) <= 4 * Math.sqrt(n) * least;
      }
    }
    if (!settled) return null;
  }
  return found;
}

/** T − λI = P·L·U; the function solves for one right-hand side in place. Pivots below `least` become it. */
function elimination(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  value: number,
  least: number,
): (y: Float64Array) => void {
  const n = diagonal.length;
  const pivot = diagonal.map((entry) => entry - value);
  const above = new Float64Array(n);
  const second = new Float64Array(n);
  const factor = new Float64Array(n);
  const swapped = new Uint8Array(n);
  for (let i = 0; i + 1 < n; i++) above[i] = offDiagonal[i + 1];
  for (let i = 0; i + 1 < n; i++) {
    const below = offDiagonal[i + 1];
    if (Math.abs(pivot[i]) >= Math.abs(below)) {
      if (Math.abs(pivot[i]) < least) pivot[i] = least;
      factor[i] = below / pivot[i];
      pivot[i + 1] -= factor[i] * above[i];
    } else {
      swapped[i] = 1;
      factor[i] = pivot[i] / below;
      pivot[i] = below;
      const upper = above[i];
      above[i] = pivot[i + 1];
      pivot[i + 1] = upper - factor[i] * above[i];
      second[i] = above[i + 1];
      above[i + 1] *= -factor[i];
    }
  }
  if (Math.abs(pivot[n - 1]) < least) pivot[n - 1] = least;
  return (y) => {
    for (let i = 0; i + 1 < n; i++) {
      if (swapped[i] === 1) {
        const held = y[i];
        y[i] = y[i + 1];
        y[i + 1] = held - factor[i] * y[i];
      } else y[i + 1] -= factor[i] * y[i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = y[i];
      if (i + 1 < n) sum -= above[i] * y[i + 1];
      if (i + 2 < n) sum -= second[i] * y[i + 2];
      y[i] = sum / pivot[i];
    }
  };
}

/** Takes the first `count` rows' parts out of y, by default twice, and makes it unit; false where nothing is left. */
function orthonormalise(y: Float64Array, rows: Float64Array, count: number, n: number, turns = 2): boolean {
  // Solutions grow by up to 1/ε; squared they have to stay finite.
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(y[i]));
  if (!(largest > 0 && largest < Infinity)) return false;
  for (let i = 0; i < n; i++) y[i] /= largest;
  for (let turn = 0; turn < turns; turn++) {
    let j = 0;
    for (; j + 4 <= count; j += 4) takeOutFour(y, rows, j * n, n);
    for (; j < count; j++) {
      const at = j * n;
      let along = 0;
      for (let i = 0; i < n; i++) along += rows[at + i] * y[i];
      for (let i = 0; i < n; i++) y[i] -= along * rows[at + i];
    }
    let square = 0;
    for (let i = 0; i < n; i++) square += y[i] * y[i];
    const length = Math.sqrt(square);
    if (length === 0) return false;
    for (let i = 0; i < n; i++) y[i] /= length;
  }
  return true;
}

/** y less its parts along the four orthonormal rows from `at` on: four sums that do not wait for each other. */
function takeOutFour(y: Float64Array, rows: Float64Array, at: number, n: number): void {
  const [at1, at2, at3] = [at + n, at + 2 * n, at + 3 * n];
  let [d0, d1, d2, d3] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const value = y[i];
    d0 += rows[at + i] * value;
    d1 += rows[at1 + i] * value;
    d2 += rows[at2 + i] * value;
    d3 += rows[at3 + i] * value;
  }
  for (let i = 0; i < n; i++) {
    y[i] -= d0 * rows[at + i] + d1 * rows[at1 + i] + d2 * rows[at2 + i] + d3 * rows[at3 + i];
  }
}

/** ‖Ty − λy‖ */
function residual(diagonal: Float64Array, offDiagonal: Float64Array, value: number, y: Float64Array): number {
  const n = y.length;
  let square = 0;
  for (let i = 0; i < n; i++) {
    let sum = (diagonal[i] - value) * y[i];
    if (i > 0) sum += offDiagonal[i] * y[i - 1];
    if (i + 1 < n) sum += offDiagonal[i + 1] * y[i + 1];
    square += sum * sum;
  }
  return Math.sqrt(square);
}
