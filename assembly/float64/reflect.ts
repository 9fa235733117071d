import { fma } from "./fma";

/**
 * V ← V·P_2·…·P_{n−1} for `count` rows of V (count x n): P_i = I − u_i·u_iᵀ/h_i as `tridiagonalise`
 * left them in `a` and `h`. Four rows pass through all reflections while they are in cache.
 */
export function reflectRows(v: usize, count: usize, a: usize, n: usize, h: usize): void {
  const stride = n << 3;
  let j: usize = 0;
  for (; j + 4 <= count; j += 4) {
    const row = v + j * stride;
    for (let i: usize = 2; i < n; i++) {
      const hi = load<f64>(h + (i << 3));
      if (hi != 0) reflectFour(row, stride, a + i * stride, i << 3, hi);
    }
  }
  for (; j < count; j++) {
    const row = v + j * stride;
    for (let i: usize = 2; i < n; i++) {
      const hi = load<f64>(h + (i << 3));
      if (hi != 0) reflectOne(row, a + i * stride, i << 3, hi);
    }
  }
}

function reflectFour(row: usize, stride: usize, u: usize, bytes: usize, h: f64): void {
  const r1 = row + stride,
    r2 = r1 + stride,
    r3 = r2 + stride;
  const whole = bytes & ~15;
  let s0 = f64x2.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  for (let t: usize = 0; t < whole; t += 16) {
    const x = v128.load(u + t);
    s0 = fma(v128.load(row + t), x, s0);
    s1 = fma(v128.load(r1 + t), x, s1);
    s2 = fma(v128.load(r2 + t), x, s2);
    s3 = fma(v128.load(r3 + t), x, s3);
  }
  let d0 = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1),
    d1 = f64x2.extract_lane(s1, 0) + f64x2.extract_lane(s1, 1),
    d2 = f64x2.extract_lane(s2, 0) + f64x2.extract_lane(s2, 1),
    d3 = f64x2.extract_lane(s3, 0) + f64x2.extract_lane(s3, 1);
  if (whole < bytes) {
    const x = load<f64>(u + whole);
    d0 += load<f64>(row + whole) * x;
    d1 += load<f64>(r1 + whole) * x;
    d2 += load<f64>(r2 + whole) * x;
    d3 += load<f64>(r3 + whole) * x;
  }
  d0 /= h;
  d1 /= h;
  d2 /= h;
  d3 /= h;
  s0 = f64x2.splat(-d0);
  s1 = f64x2.splat(-d1);
  s2 = f64x2.splat(-d2);
  s3 = f64x2.splat(-d3);
  for (let t: usize = 0; t < whole; t += 16) {
    const x = v128.load(u + t);
    v128.store(row + t, fma(s0, x, v128.load(row + t)));
    v128.store(r1 + t, fma(s1, x, v128.load(r1 + t)));
    v128.store(r2 + t, fma(s2, x, v128.load(r2 + t)));
    v128.store(r3 + t, fma(s3, x, v128.load(r3 + t)));
  }
  if (whole < bytes) {
    const x = load<f64>(u + whole);
    store<f64>(row + whole, load<f64>(row + whole) - d0 * x);
    store<f64>(r1 + whole, load<f64>(r1 + whole) - d1 * x);
    store<f64>(r2 + whole, load<f64>(r2 + whole) - d2 * x);
    store<f64>(r3 + whole, load<f64>(r3 + whole) - d3 * x);
  }
}

function reflectOne(row: usize, u: usize, bytes: usize, h: f64): void {
  let dot: f64 = 0;
  for (let t: usize = 0; t < bytes; t += 8) dot += load<f64>(row + t) * load<f64>(u + t);
  dot /= h;
  for (let t: usize = 0; t < bytes; t += 8) store<f64>(row + t, load<f64>(row + t) - dot * load<f64>(u + t));
}
