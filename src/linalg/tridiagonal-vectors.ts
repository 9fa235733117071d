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

/** Row `y` of the vectors found loses its parts along `taken` orthonormal rows from row `rows` on. */
export type TakeOut = (y: number, rows: number, taken: number) => void;

/**
 * `diagonal` n, `offDiagonal` n (entry i couples i − 1 and i, the first one unused), `values` the
 * eigenvalues whose vectors are asked for. `found` (values.length x n) receives them, orthonormal rows;
 * false where a vector does not reach ‖Ty − λy‖ ≤ 4·√n·ε·‖T‖.
 */
export function tridiagonalVectors(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  values: Float64Array,
  found: Float64Array,
  takeOut: TakeOut,
): boolean {
  const n = diagonal.length;
  let norm = 0;
  for (let i = 0; i < n; i++) {
    const after = i + 1 < n ? Math.abs(offDiagonal[i + 1]) : 0;
    norm = Math.max(norm, Math.abs(diagonal[i]) + (i > 0 ? Math.abs(offDiagonal[i]) : 0) + after);
  }
  const least = Number.EPSILON * norm || Number.EPSILON;
  const random = Random.of(0, "inverse iteration");
  const factorise = eliminations(diagonal, offDiagonal, least);
  let first = 0;
  for (let j = 0; j < values.length; j++) {
    if (j > 0 && Math.abs(values[j - 1] - values[j]) > clusterShare * norm) first = j;
    const solve = factorise(values[j]);
    const y = found.subarray(j * n, (j + 1) * n);
    let settled = false;
    for (let start = 0; start < starts && !settled; start++) {
      for (let i = 0; i < n; i++) y[i] = random.uniform() - 0.5;
      orthonormalise(y, j - first, (count) => takeOut(j, first, count));
      for (let turn = 0; turn < solutions && !settled; turn++) {
        solve(y);
        if (!orthonormalise(y, j - first, (count) => takeOut(j, first, count))) break;
        // The first solution is only as clean of its neighbours as the start was: always a second one.
        if (turn === 0) continue;
        if (first > 0) orthonormalise(y, first, (count) => takeOut(j, 0, count), 1);
        settled = residual(diagonal, offDiagonal, values[j], y) <= 4 * Math.sqrt(n) * least;
      }
    }
    if (!settled) return false;
  }
  return true;
}

/**
 * T − λI = P·L·U for one λ after the other, in the same arrays. The function that it gives takes λ and
 * gives one that solves for a right-hand side in place. Pivots below `least` become it.
 */
function eliminations(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  least: number,
): (value: number) => (y: Float64Array) => void {
  const n = diagonal.length;
  const pivot = new Float64Array(n);
  const inverse = new Float64Array(n);
  const above = new Float64Array(n);
  const second = new Float64Array(n);
  const factor = new Float64Array(n);
  const swapped = new Uint8Array(n);
  const eliminate = (value: number): void => {
    for (let i = 0; i < n; i++) pivot[i] = diagonal[i] - value;
    for (let i = 0; i + 1 < n; i++) above[i] = offDiagonal[i + 1];
    second.fill(0);
    for (let i = 0; i + 1 < n; i++) {
      const below = offDiagonal[i + 1];
      if (Math.abs(pivot[i]) >= Math.abs(below)) {
        if (Math.abs(pivot[i]) < least) pivot[i] = least;
        swapped[i] = 0;
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
    for (let i = 0; i < n; i++) inverse[i] = 1 / pivot[i];
  };
  const solve = (y: Float64Array): void => {
    for (let i = 0; i + 1 < n; i++) {
      if (swapped[i] === 1) {
        const held = y[i];
        y[i] = y[i + 1];
        y[i + 1] = held - factor[i] * y[i];
      } else y[i + 1] -= factor[i] * y[i];
    }
    let next = 0;
    let afterNext = 0;
    for (let i = n - 1; i >= 0; i--) {
      const value = (y[i] - above[i] * next - second[i] * afterNext) * inverse[i];
      afterNext = next;
      next = value;
      y[i] = value;
    }
  };
  return (value) => {
    eliminate(value);
    return solve;
  };
}

/** Takes the parts along `count` other rows out of y, by default twice, and makes it unit; false where nothing is left. */
function orthonormalise(
  y: Float64Array,
  count: number,
  takeOut: (count: number) => void,
  turns = 2,
): boolean {
  const n = y.length;
  // Solutions grow by up to 1/ε; squared they have to stay finite.
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const size = Math.abs(y[i]);
    if (!(size <= largest)) largest = size;
  }
  if (!(largest > 0 && largest < Infinity)) return false;
  if (largest > 1e100 || largest < 1e-100) for (let i = 0; i < n; i++) y[i] /= largest;
  for (let turn = 0; turn < (count === 0 ? 1 : turns); turn++) {
    if (count > 0) takeOut(count);
    let square = 0;
    for (let i = 0; i < n; i++) square += y[i] * y[i];
    if (square === 0) return false;
    const share = 1 / Math.sqrt(square);
    for (let i = 0; i < n; i++) y[i] *= share;
  }
  return true;
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
