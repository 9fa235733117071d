/** Multiplicative updates of non-negative numbers, four at a time. */
import * as at from "../src/kernels/cpu/layout";

/** What a denominator of 0 is taken for. */
const NOTHING: f32 = 1.1920928955078125e-7;
/** Keeps numbers under a root from becoming exactly 0. */
const FLOOR: f32 = 1e-8;

/** Numbers CHUNK·task …; the last vector may read and write up to 12 bytes past its tensors' ends. */
export function rescaleRange(task: u32): void {
  const chunk = load<u32>(at.CHUNK);
  const first: usize = <usize>task * chunk * 4;
  const end = min<usize>(first + chunk * 4, <usize>load<u32>(at.LENGTH) * 4);
  const values = load<usize>(at.VALUES),
    along = load<usize>(at.ALONG),
    high = load<usize>(at.HIGH),
    low = load<usize>(at.LOW);
  const root = load<u32>(at.ROOT) != 0;
  const zero = f32x4.splat(0),
    nothing = f32x4.splat(NOTHING),
    floor = f32x4.splat(FLOOR);
  for (let t = first; t < end; t += 16) {
    const a = v128.load(along + t);
    let up = f32x4.max(zero, a);
    if (low) up = f32x4.add(up, v128.load(low + t));
    const down = f32x4.add(f32x4.max(zero, f32x4.neg(a)), v128.load(high + t));
    let quotient = f32x4.div(up, v128.bitselect(nothing, down, f32x4.eq(down, zero)));
    if (root) quotient = f32x4.sqrt(f32x4.add(quotient, floor));
    const scaled = f32x4.mul(v128.load(values + t), quotient);
    if (t + 16 <= end) v128.store(values + t, scaled);
    else {
      store<f32>(values + t, f32x4.extract_lane(scaled, 0));
      if (t + 4 < end) store<f32>(values + t, f32x4.extract_lane(scaled, 1), 4);
      if (t + 8 < end) store<f32>(values + t, f32x4.extract_lane(scaled, 2), 8);
    }
  }
}
