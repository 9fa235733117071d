import { fma } from "./fma";

/** y (n) less its parts along `count` orthonormal rows (count x n), four rows at a time. */
export function takeOut(y: usize, rows: usize, count: usize, n: usize): void {
  const bytes = n << 3;
  const whole = bytes & ~15;
  let j: usize = 0;
  for (; j + 4 <= count; j += 4) {
    const r0 = rows + j * bytes,
      r1 = r0 + bytes,
      r2 = r1 + bytes,
      r3 = r2 + bytes;
    let s0 = f64x2.splat(0),
      s1 = s0,
      s2 = s0,
      s3 = s0;
    for (let t: usize = 0; t < whole; t += 16) {
      const x = v128.load(y + t);
      s0 = fma(v128.load(r0 + t), x, s0);
      s1 = fma(v128.load(r1 + t), x, s1);
      s2 = fma(v128.load(r2 + t), x, s2);
      s3 = fma(v128.load(r3 + t), x, s3);
    }
    let d0 = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1),
      d1 = f64x2.extract_lane(s1, 0) + f64x2.extract_lane(s1, 1),
      d2 = f64x2.extract_lane(s2, 0) + f64x2.extract_lane(s2, 1),
      d3 = f64x2.extract_lane(s3, 0) + f64x2.extract_lane(s3, 1);
    if (whole < bytes) {
      const x = load<f64>(y + whole);
      d0 += load<f64>(r0 + whole) * x;
      d1 += load<f64>(r1 + whole) * x;
      d2 += load<f64>(r2 + whole) * x;
      d3 += load<f64>(r3 + whole) * x;
    }
    s0 = f64x2.splat(-d0);
    s1 = f64x2.splat(-d1);
    s2 = f64x2.splat(-d2);
    s3 = f64x2.splat(-d3);
    for (let t: usize = 0; t < whole; t += 16) {
      const one = fma(s0, v128.load(r0 + t), fma(s1, v128.load(r1 + t), v128.load(y + t)));
      v128.store(y + t, fma(s2, v128.load(r2 + t), fma(s3, v128.load(r3 + t), one)));
    }
    if (whole < bytes) {
      const taken =
        d0 * load<f64>(r0 + whole) +
        d1 * load<f64>(r1 + whole) +
        (d2 * load<f64>(r2 + whole) + d3 * load<f64>(r3 + whole));
      store<f64>(y + whole, load<f64>(y + whole) - taken);
    }
  }
  for (; j < count; j++) {
    const row = rows + j * bytes;
    let dot: f64 = 0;
    for (let t: usize = 0; t < bytes; t += 8) dot += load<f64>(row + t) * load<f64>(y + t);
    for (let t: usize = 0; t < bytes; t += 8) store<f64>(y + t, load<f64>(y + t) - dot * load<f64>(row + t));
  }
}
