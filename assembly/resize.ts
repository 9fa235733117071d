/**
 * The two passes of a resize with SIMD: sums of bytes times weights in 32-bit integers, rounded back to
 * bytes. A module of its own with plain memory; src/encoders/resize-passes.ts lays the memory out.
 */

/** Fractional bits of a weight. */
const BITS: i32 = 22;
const HALF: i32 = 1 << (BITS - 1);

/** Byte of a value with BITS fractional bits, in all lanes: values out of range become 0 or 255. */
// @ts-ignore: decorator
@inline
function toBytes(low: v128, high: v128): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(low, BITS), i32x4.shr_s(high, BITS));
}

/**
 * `rows` rows of RGB bytes, `stride` bytes apart, to `width` pixels each: pixel x is the sum of counts[x]
 * pixels from starts[x] on, times the weights from x * taps on. Reads up to one byte behind a row.
 */
export function horizontal(
  source: usize,
  stride: usize,
  rows: u32,
  starts: usize,
  counts: usize,
  weights: usize,
  taps: usize,
  width: usize,
  target: usize,
): void {
  const zero = i32x4.splat(0);
  for (let y: u32 = 0; y < rows; y++, source += stride) {
    let weightsOf = weights;
    for (let x: usize = 0; x < width; x++, weightsOf += taps << 2, target += 3) {
      let at = source + 3 * <usize>load<u32>(starts + (x << 2));
      let weight = weightsOf;
      const end = weight + (<usize>load<u32>(counts + (x << 2)) << 2);
      let sum = i32x4.splat(HALF);
      let other = zero;
      for (; weight + 8 <= end; weight += 8, at += 6) {
        const pixels = v128.load64_zero(at);
        const first = v128.shuffle<u8>(pixels, zero, 0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 16, 16, 16, 16);
        const second = v128.shuffle<u8>(pixels, zero, 3, 16, 16, 16, 4, 16, 16, 16, 5, 16, 16, 16, 16, 16, 16, 16);
        sum = i32x4.add(sum, i32x4.mul(first, v128.load32_splat(weight)));
        other = i32x4.add(other, i32x4.mul(second, v128.load32_splat(weight, 4)));
      }
      if (weight < end) {
        const pixel = v128.load32_zero(at);
        const wide = v128.shuffle<u8>(pixel, zero, 0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 16, 16, 16, 16);
        sum = i32x4.add(sum, i32x4.mul(wide, v128.load32_splat(weight)));
      }
      const words = toBytes(i32x4.add(sum, other), zero);
      const bytes = i8x16.narrow_i16x8_u(words, words);
      store<u16>(target, <u16>i16x8.extract_lane_u(bytes, 0));
      store<u8>(target, <u8>i8x16.extract_lane_u(bytes, 2), 2);
    }
  }
}

/** Rows of `length` bytes, weighted and added up as above; `length` is a multiple of 16. */
export function vertical(
  source: usize,
  length: usize,
  rows: u32,
  starts: usize,
  counts: usize,
  weights: usize,
  taps: usize,
  target: usize,
): void {
  for (let y: u32 = 0; y < rows; y++, weights += taps << 2, target += length) {
    const first = source + length * <usize>load<u32>(starts + (<usize>y << 2));
    const end = weights + (<usize>load<u32>(counts + (<usize>y << 2)) << 2);
    for (let x: usize = 0; x < length; x += 16) {
      let a = i32x4.splat(HALF),
        b = a,
        c = a,
        d = a;
      let at = first + x;
      for (let weight = weights; weight < end; weight += 4, at += length) {
        const w = v128.load32_splat(weight);
        const bytes = v128.load(at);
        const low = i16x8.extend_low_i8x16_u(bytes);
        const high = i16x8.extend_high_i8x16_u(bytes);
        a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), w));
        b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), w));
        c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), w));
        d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), w));
      }
      v128.store(target + x, i8x16.narrow_i16x8_u(toBytes(a, b), toBytes(c, d)));
    }
  }
}
