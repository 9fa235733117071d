/** Adam (arXiv 1412.6980) with bias correction; constants are prepared in float64. */
import * as at from "../src/kernels/cpu/layout";

let keep1: f32 = 0;
let keep2: f32 = 0;
let take1: f32 = 0;
let take2: f32 = 0;
let pace: f32 = 0;
let correct: f32 = 0;
let epsilon: f32 = 0;
let factor: f32 = 0;

/** base^n by squaring. */
function power(base: f64, n: u32): f64 {
  let result: f64 = 1;
  for (; n; n >>= 1, base *= base) if (n & 1) result *= base;
  return result;
}

/** Moments decay by `missed` further steps before this one. */
export function prepareAdam(rate: f64, missed: u32): void {
  const beta1 = load<f64>(at.BETA1),
    beta2 = load<f64>(at.BETA2);
  const step = load<u32>(at.STEP);
  keep1 = <f32>power(beta1, missed + 1);
  keep2 = <f32>power(beta2, missed + 1);
  take1 = <f32>(1 - beta1);
  take2 = <f32>(1 - beta2);
  pace = <f32>(rate / (1 - power(beta1, step)));
  correct = <f32>(1 / sqrt(1 - power(beta2, step)));
  epsilon = <f32>load<f64>(at.EPSILON);
  factor = <f32>load<f64>(at.FACTOR);
}

/** Steps d values by the gradients in scratch. */
export function adam(values: usize, first: usize, second: usize, gradient: usize, d: usize): void {
  const k1 = f32x4.splat(keep1),
    k2 = f32x4.splat(keep2),
    t1 = f32x4.splat(take1),
    t2 = f32x4.splat(take2),
    p = f32x4.splat(pace),
    c = f32x4.splat(correct),
    eps = f32x4.splat(epsilon),
    f = f32x4.splat(factor);
  const whole = (d >> 2) << 4;
  let t: usize = 0;
  for (; t < whole; t += 16) {
    const g = f32x4.mul(f, v128.load(gradient + t));
    const m = f32x4.add(f32x4.mul(k1, v128.load(first + t)), f32x4.mul(t1, g));
    const v = f32x4.add(f32x4.mul(k2, v128.load(second + t)), f32x4.mul(t2, f32x4.mul(g, g)));
    v128.store(first + t, m);
    v128.store(second + t, v);
    const scaled = f32x4.add(f32x4.mul(c, f32x4.sqrt(v)), eps);
    v128.store(values + t, f32x4.sub(v128.load(values + t), f32x4.div(f32x4.mul(p, m), scaled)));
  }
  for (const bytes = d << 2; t < bytes; t += 4) {
    adamOne(values + t, first + t, second + t, load<f32>(gradient + t));
  }
}

export function adamOne(value: usize, first: usize, second: usize, gradient: f32): void {
  const g = factor * gradient;
  const m = keep1 * load<f32>(first) + take1 * g;
  const v = keep2 * load<f32>(second) + take2 * (g * g);
  store<f32>(first, m);
  store<f32>(second, v);
  store<f32>(value, load<f32>(value) - (pace * m) / (correct * sqrt(v) + epsilon));
}

/** row ← s·row */
export function scaleRow(row: usize, s: f32, d: usize): void {
  const c = f32x4.splat(s);
  const whole = (d >> 2) << 4;
  let t: usize = 0;
  for (; t < whole; t += 16) v128.store(row + t, f32x4.mul(c, v128.load(row + t)));
  for (const bytes = d << 2; t < bytes; t += 4) store<f32>(row + t, s * load<f32>(row + t));
}
