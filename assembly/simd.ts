/** Four-lane building blocks shared by the kernels. */

/** a·b + c, fused where the module is built for relaxed SIMD. */
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The sum of the four lanes, always in the same order. */
@inline
export function lanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** All ones in the first `count` lanes (1 to 3). */
@inline
export function firstLanes(count: usize): v128 {
  return i32x4.gt_s(i32x4.splat(<i32>count), i32x4(0, 1, 2, 3));
}

/** Bytes of d float32 numbers that fill whole vectors. */
@inline
export function wholeVectors(d: usize): usize {
  return (d >> 2) << 4;
}

/** ⟨a, b⟩ over d numbers. */
export function dot(a: usize, b: usize, d: usize): f32 {
  let s0 = f32x4.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  const whole = wholeVectors(d);
  let t: usize = 0;
  for (; t + 64 <= whole; t += 64) {
    s0 = fma(v128.load(a + t), v128.load(b + t), s0);
    s1 = fma(v128.load(a + t, 16), v128.load(b + t, 16), s1);
    s2 = fma(v128.load(a + t, 32), v128.load(b + t, 32), s2);
    s3 = fma(v128.load(a + t, 48), v128.load(b + t, 48), s3);
  }
  for (; t < whole; t += 16) s0 = fma(v128.load(a + t), v128.load(b + t), s0);
  if (d & 3) {
    const mask = firstLanes(d & 3);
    s1 = fma(v128.and(v128.load(a + t), mask), v128.and(v128.load(b + t), mask), s1);
  }
  return lanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** Σ a² over d numbers, in float64. */
export function squares(a: usize, d: usize): f64 {
  let s0 = f64x2.splat(0),
    s1 = s0;
  const whole = wholeVectors(d);
  let t: usize = 0;
  for (; t < whole; t += 16) {
    const v = v128.load(a + t);
    const low = f64x2.promote_low_f32x4(v);
    const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
    s0 = f64x2.add(s0, f64x2.mul(low, low));
    s1 = f64x2.add(s1, f64x2.mul(high, high));
  }
  const both = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (const end = d << 2; t < end; t += 4) {
    const v = <f64>load<f32>(a + t);
    sum += v * v;
  }
  return sum;
}

/**
 * out += s·v over d numbers. `out` is scratch padded to whole vectors: lanes past d may receive
 * anything, and up to 12 bytes past `v` are read.
 */
export function add1(out: usize, d: usize, s: f32, v: usize): void {
  const c = f32x4.splat(s);
  const end = out + (d << 2);
  for (; out < end; out += 16, v += 16) v128.store(out, fma(c, v128.load(v), v128.load(out)));
}

/** out += s0·v0 + … + s3·v3; as `add1`. */
export function add4(
  out: usize,
  d: usize,
  s0: f32,
  v0: usize,
  s1: f32,
  v1: usize,
  s2: f32,
  v2: usize,
  s3: f32,
  v3: usize,
): void {
  const c0 = f32x4.splat(s0),
    c1 = f32x4.splat(s1),
    c2 = f32x4.splat(s2),
    c3 = f32x4.splat(s3);
  const bytes = d << 2;
  for (let t: usize = 0; t < bytes; t += 16) {
    let sum = fma(c0, v128.load(v0 + t), v128.load(out + t));
    sum = fma(c1, v128.load(v1 + t), sum);
    sum = fma(c2, v128.load(v2 + t), sum);
    v128.store(out + t, fma(c3, v128.load(v3 + t), sum));
  }
}

/** out = s0·v0 + … + s3·v3; as `add1`. */
export function set4(
  out: usize,
  d: usize,
  s0: f32,
  v0: usize,
  s1: f32,
  v1: usize,
  s2: f32,
  v2: usize,
  s3: f32,
  v3: usize,
): void {
  const c0 = f32x4.splat(s0),
    c1 = f32x4.splat(s1),
    c2 = f32x4.splat(s2),
    c3 = f32x4.splat(s3);
  const bytes = d << 2;
  for (let t: usize = 0; t < bytes; t += 16) {
    let sum = f32x4.mul(c0, v128.load(v0 + t));
    sum = fma(c1, v128.load(v1 + t), sum);
    sum = fma(c2, v128.load(v2 + t), sum);
    v128.store(out + t, fma(c3, v128.load(v3 + t), sum));
  }
}

/** Nothing but multiply-adds on twelve independent sums of factor·other: `turns` · 96 operations. */
export function multiplyAdds(turns: u32, factor: f32, other: f32): f32 {
  let a = f32x4.splat(0),
    b = a,
    c = a,
    d = a,
    e = a,
    f = a,
    g = a,
    h = a,
    i = a,
    j = a,
    k = a,
    l = a;
  const x = f32x4.splat(factor),
    y = f32x4.splat(other);
  for (; turns; turns--) {
    a = fma(x, y, a);
    b = fma(x, y, b);
    c = fma(x, y, c);
    d = fma(x, y, d);
    e = fma(x, y, e);
    f = fma(x, y, f);
    g = fma(x, y, g);
    h = fma(x, y, h);
    i = fma(x, y, i);
    j = fma(x, y, j);
    k = fma(x, y, k);
    l = fma(x, y, l);
  }
  const s = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
  return lanes(f32x4.add(s, f32x4.add(f32x4.add(i, j), f32x4.add(k, l))));
}
