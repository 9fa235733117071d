/**
 * L2-regularised logistic regression of two classes: the minimum over w, b of
 *   ½‖w‖² + C·Σ_n weight_n·log(1 + exp(−y_n (⟨w, x_n⟩ + b))),   y_n = ±1,
 * scikit-learn's `LogisticRegression(C, class_weight)`, intercept not penalised. Minimised by
 * L-BFGS (Nocedal & Wright, algorithm 7.4) whose first metric is the curvature at w = 0,
 * I + C/4·Σ weight·x xᵀ, so that a few dozen passes over the rows reach the optimum.
 */
import { badInput } from "../base/errors.ts";
import { choleskyInPlace, choleskySolve } from "./cholesky.ts";

export interface LogisticOptions {
  /** C, default 1. */
  readonly inverseRegularisation?: number;
  /** Weighs classes inversely to their frequency, as `class_weight="balanced"`. Default false. */
  readonly balanced?: boolean;
  /** Stops when the largest gradient component, divided by C·n, is below this. Default 1e-7. */
  readonly tolerance?: number;
  /** Default 500. */
  readonly maxIterations?: number;
  /** From `curvatureAtZero`, where several fits on nearly the same rows share it. */
  readonly curvature?: Float64Array;
}

export interface LogisticFit {
  /** d */
  readonly weights: Float64Array;
  readonly intercept: number;
  readonly iterations: number;
  /** Largest gradient component divided by C·n at the end. */
  readonly gradient: number;
}

const memory = 12;

/** `x` is n x d, `positive[n]` is 1 for the positive class. */
export function fitLogistic(
  x: Float32Array,
  positive: Uint8Array,
  dimension: number,
  options: LogisticOptions = {},
): LogisticFit {
  const n = positive.length;
  const d = dimension;
  const { inverseRegularisation: C = 1, tolerance = 1e-7, maxIterations = 500 } = options;
  if (x.length !== n * d)
    throw badInput(`logistic regression: found ${x.length} numbers, expected ${n} x ${d}`);
  let positives = 0;
  for (let i = 0; i < n; i++) positives += positive[i];
  if (positives === 0 || positives === n)
    throw badInput(`logistic regression: ${positives} of ${n} rows are positive, expected both classes`);
  const { weightPositive, weightNegative } = classWeights(positive, options);

  /** Loss at (w, b) = p; writes the gradient. */
  const evaluate = (p: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    for (let j = 0; j < d; j++) {
      loss += 0.5 * p[j] * p[j];
      gradient[j] = p[j];
    }
    gradient[d] = 0;
    const b = p[d];
    for (let i = 0; i < n; i++) {
      const at = i * d;
      const f = dot(x, at, p, d) + b;
      const y = positive[i] === 1 ? 1 : -1;
      const weight = positive[i] === 1 ? weightPositive : weightNegative;
      const m = -y * f;
      loss += weight * (m > 0 ? m + Math.log1p(Math.exp(-m)) : Math.log1p(Math.exp(m)));
      const slope = (-y * weight) / (1 + Math.exp(-m));
      addScaled(gradient, x, at, slope, d);
      gradient[d] += slope;
    }
    return loss;
  };

  const metric = options.curvature ?? curvatureAtZero(x, positive, d, options);
  const size = d + 1;
  let point = new Float64Array(size);
  let gradient = new Float64Array(size);
  let loss = evaluate(point, gradient);
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  const scale = 1 / (C * n);
  let iterations = 0;
  for (; iterations < maxIterations && largest(gradient) * scale > tolerance; iterations++) {
    const direction = twoLoop(gradient, steps, changes, metric, size);
    const slope = inner(direction, gradient);
    const next = new Float64Array(size);
    const nextGradient = new Float64Array(size);
    let found = false;
    let nextLoss = loss;
    // The curvature at 0 bounds the curvature everywhere, so a full step seldom fails.
    for (let rate = 1; rate > 1e-10; rate /= 2) {
      for (let j = 0; j < size; j++) next[j] = point[j] + rate * direction[j];
      nextLoss = evaluate(next, nextGradient);
      if (nextLoss <= loss + 1e-4 * rate * slope) {
        found = true;
        break;
      }
    }
    if (!found) break;
    const step = next.map((value, j) => value - point[j]);
    const change = nextGradient.map((value, j) => value - gradient[j]);
    if (inner(step, change) > 1e-14 * inner(change, change)) {
      steps.push(step);
      changes.push(change);
      if (steps.length > memory) {
        steps.shift();
        changes.shift();
      }
    }
    point = next;
    gradient = nextGradient;
    loss = nextLoss;
  }
  return {
    weights: point.slice(0, d),
    intercept: point[d],
    iterations,
    gradient: largest(gradient) * scale,
  };
}

/** What C, and the balance of the classes, make each row of a class weigh. */
function classWeights(
  positive: Uint8Array,
  { inverseRegularisation: C = 1, balanced = false }: LogisticOptions,
): { weightPositive: number; weightNegative: number } {
  const n = positive.length;
  let positives = 0;
  for (let i = 0; i < n; i++) positives += positive[i];
  return {
    weightPositive: C * (balanced ? n / (2 * positives) : 1),
    weightNegative: C * (balanced ? n / (2 * (n - positives)) : 1),
  };
}

/**
 * Cholesky factor of the loss's curvature at 0, from at most 4d rows taken at equal distances:
 * the metric that the search starts with.
 */
export function curvatureAtZero(
  x: Float32Array,
  positive: Uint8Array,
  d: number,
  options: LogisticOptions = {},
): Float64Array {
  const { weightPositive, weightNegative } = classWeights(positive, options);
  const n = positive.length;
  const size = d + 1;
  const taken = Math.min(n, 4 * d);
  const h = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let t = 0; t < taken; t++) {
    const i = Math.floor((t * n) / taken);
    const weight = ((positive[i] === 1 ? weightPositive : weightNegative) * n) / (4 * taken);
    for (let j = 0; j < d; j++) row[j] = x[i * d + j];
    row[d] = 1;
    for (let a = 0; a < size; a++) {
      const value = weight * row[a];
      const at = a * size;
      for (let b = 0; b <= a; b++) h[at + b] += value * row[b];
    }
  }
  for (let j = 0; j < d; j++) h[j * size + j] += 1;
  h[size * size - 1] += 1e-9;
  return choleskyInPlace(h, size);
}

/** −H·gradient by the two-loop recursion. */
function twoLoop(
  gradient: Float64Array,
  steps: readonly Float64Array[],
  changes: readonly Float64Array[],
  metric: Float64Array,
  size: number,
): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (let m = steps.length - 1; m >= 0; m--) {
    const alpha = inner(steps[m], q) / inner(steps[m], changes[m]);
    alphas[m] = alpha;
    for (let j = 0; j < size; j++) q[j] -= alpha * changes[m][j];
  }
  choleskySolve(metric, size, q);
  for (let m = 0; m < steps.length; m++) {
    const beta = inner(changes[m], q) / inner(steps[m], changes[m]);
    for (let j = 0; j < size; j++) q[j] += (alphas[m] - beta) * steps[m][j];
  }
  return q;
}

function dot(x: Float32Array, at: number, w: Float64Array, d: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let e = 0;
  let j = 0;
  for (; j + 4 <= d; j += 4) {
    a += x[at + j] * w[j];
    b += x[at + j + 1] * w[j + 1];
    c += x[at + j + 2] * w[j + 2];
    e += x[at + j + 3] * w[j + 3];
  }
  for (; j < d; j++) a += x[at + j] * w[j];
  return a + b + (c + e);
}

function addScaled(out: Float64Array, x: Float32Array, at: number, factor: number, d: number): void {
  for (let j = 0; j < d; j++) out[j] += factor * x[at + j];
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let j = 0; j < values.length; j++) most = Math.max(most, Math.abs(values[j]));
  return most;
}
