/**
 * Sparse principal components: min over U (n x c, columns of norm at most 1) and V (c x d) of
 *   ½‖X − UV‖² + α·Σ|V|,
 * in turns: V by the lasso, column by column, then the columns of U one after the other.
 * Zou, Hastie and Tibshirani (2006) in the form of Mairal et al. (2009), as scikit-learn's `SparsePCA`.
 *
 * U never leaves the span of X's columns: U = X·Tᵀ (T c x d), so that all of it is done on G = XᵀX,
 * and no step depends on the number of rows: UᵀX = T·G = P and UᵀU = P·Tᵀ. That is where it differs.
 */
import { symmetricEigen } from "../../linalg/symmetric-eigen.ts";
import type { Random } from "../../base/random.ts";
import { turnLargestPositive } from "./singular-directions.ts";

export interface SparseComponents {
  /** V, c x d, not normalised. */
  readonly components: Float64Array;
  readonly objective: number;
  readonly steps: number;
  readonly ended: "converged" | "completed";
}

export interface SparseComponentsProblem {
  /** G = XᵀX, d x d */
  readonly products: Float64Array;
  readonly dimension: number;
  readonly concepts: number;
  /** α */
  readonly l1: number;
  readonly iterations: number;
  /** Ends when a turn lowers the objective by a smaller share than this. */
  readonly tolerance: number;
  /** Draws axes for components that no column uses. */
  readonly random: Random;
  /** Called after every turn; may throw to stop. */
  readonly observe: (step: number, objective: number) => void;
}

/** A component with a smaller square is not used by any column. */
const leastSquare = 1e-6;

export function sparseComponents(problem: SparseComponentsProblem): SparseComponents {
  const { products: g, dimension: d, concepts: c, l1, iterations, tolerance, observe } = problem;
  let squares = 0;
  for (let t = 0; t < d; t++) squares += g[t * d + t];
  // U begins as the principal components' scores, T as their directions.
  const v = symmetricEigen(g, d, c).vectors;
  turnLargestPositive(v, d);
  const weights = v.slice();
  const scores = times(weights, g, c, d);
  let inner = timesTransposed(scores, weights, c, d);
  let before = Infinity;
  for (let step = 1; ; step++) {
    lasso(v, inner, scores, { concepts: c, dimension: d, l1 });
    const codes = timesTransposed(v, v, c, d);
    turnColumns(problem, { v, codes, weights, scores });
    inner = timesTransposed(scores, weights, c, d);
    const objective = objectiveOf(squares, { v, codes, scores, inner, l1 });
    observe(step, objective);
    if (before - objective < tolerance * objective) {
      return { components: v, objective, steps: step, ended: "converged" };
    }
    if (step === iterations) return { components: v, objective, steps: step, ended: "completed" };
    before = objective;
  }
}

/** ½(‖X‖² − 2⟨UᵀX, V⟩ + ⟨UᵀU, VVᵀ⟩) + α·Σ|V| */
function objectiveOf(
  squares: number,
  of: { v: Float64Array; codes: Float64Array; scores: Float64Array; inner: Float64Array; l1: number },
): number {
  let along = 0;
  let size = 0;
  of.v.forEach((value, e) => {
    along += value * of.scores[e];
    size += Math.abs(value);
  });
  let both = 0;
  of.codes.forEach((value, e) => {
    both += value * of.inner[e];
  });
  return (squares - 2 * along + both) / 2 + of.l1 * size;
}

/** U_k ← U_k + (X·V_k − U·A_k)/A_kk with A = VVᵀ, shortened to norm 1, one after the other. */
function turnColumns(
  { products: g, dimension: d, concepts: c, random }: SparseComponentsProblem,
  held: { v: Float64Array; codes: Float64Array; weights: Float64Array; scores: Float64Array },
): void {
  const { v, codes, weights, scores } = held;
  const targets = times(v, g, c, d);
  const step = new Float64Array(d);
  const scoreStep = new Float64Array(d);
  for (let k = 0; k < c; k++) {
    const at = k * d;
    const own = codes[k * c + k];
    if (own > leastSquare) {
      step.set(v.subarray(at, at + d));
      scoreStep.set(targets.subarray(at, at + d));
      for (let l = 0; l < c; l++) {
        const factor = codes[k * c + l];
        if (factor === 0) continue;
        for (let t = 0; t < d; t++) {
          step[t] -= factor * weights[l * d + t];
          scoreStep[t] -= factor * scores[l * d + t];
        }
      }
      for (let t = 0; t < d; t++) {
        weights[at + t] += step[t] / own;
        scores[at + t] += scoreStep[t] / own;
      }
    } else {
      const axis = random.integer(d);
      weights.fill(0, at, at + d);
      weights[at + axis] = 1;
      scores.set(g.subarray(axis * d, (axis + 1) * d), at);
      v.fill(0, at, at + d);
    }
    let square = 0;
    for (let t = at; t < at + d; t++) square += weights[t] * scores[t];
    if (square <= 1) continue;
    const norm = Math.sqrt(square);
    for (let t = at; t < at + d; t++) {
      weights[t] /= norm;
      scores[t] /= norm;
    }
  }
}

/** For every column j: min ½vᵀQv − q_jᵀv + α|v| by cyclic coordinate descent from the present v. */
function lasso(
  v: Float64Array,
  q: Float64Array,
  scores: Float64Array,
  { concepts: c, dimension: d, l1 }: { concepts: number; dimension: number; l1: number },
): void {
  const column = new Float64Array(c);
  const slope = new Float64Array(c);
  for (let j = 0; j < d; j++) {
    let largest = 0;
    for (let k = 0; k < c; k++) {
      column[k] = v[k * d + j];
      slope[k] = scores[k * d + j];
      largest = Math.max(largest, Math.abs(slope[k]));
    }
    for (let k = 0; k < c; k++) if (column[k] !== 0) subtract(slope, q, k, column[k], c);
    for (let sweep = 0; sweep < 1000; sweep++) {
      let moved = 0;
      for (let k = 0; k < c; k++) {
        const own = q[k * c + k];
        if (!(own > 0)) continue;
        const raw = slope[k] + own * column[k];
        const next = Math.sign(raw) * (Math.max(0, Math.abs(raw) - l1) / own);
        const change = next - column[k];
        if (change === 0) continue;
        subtract(slope, q, k, change, c);
        column[k] = next;
        moved = Math.max(moved, Math.abs(change) * own);
      }
      if (moved <= 1e-8 * largest) break;
    }
    for (let k = 0; k < c; k++) v[k * d + j] = column[k];
  }
}

function subtract(slope: Float64Array, q: Float64Array, k: number, factor: number, c: number): void {
  for (let l = 0; l < c; l++) slope[l] -= factor * q[k * c + l];
}

/** a·G for a (c x d) and the symmetric G (d x d). */
function times(a: Float64Array, g: Float64Array, c: number, d: number): Float64Array {
  const out = new Float64Array(c * d);
  for (let k = 0; k < c; k++) {
    const row = out.subarray(k * d, (k + 1) * d);
    for (let s = 0; s < d; s++) {
      const factor = a[k * d + s];
      if (factor === 0) continue;
      for (let t = 0; t < d; t++) row[t] += factor * g[s * d + t];
    }
  }
  return out;
}

/** a·bᵀ, c x c */
function timesTransposed(a: Float64Array, b: Float64Array, c: number, d: number): Float64Array {
  const out = new Float64Array(c * c);
  for (let i = 0; i < c; i++) {
    for (let j = 0; j < c; j++) {
      let sum = 0;
      for (let t = 0; t < d; t++) sum += a[i * d + t] * b[j * d + t];
      out[i * c + j] = sum;
    }
  }
  return out;
}
