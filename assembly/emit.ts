/**
 * Turns one row of a tile of pre-activations into entries (concept u32, value f32), concepts
 * ascending. `width` is a multiple of 16; the bias is added on the way. Each function gives the
 * address behind the last entry written.
 */
import { keepLargest, sortable, unsortable } from "./largest";

/**
 * A row's k-th largest so far is a bound for the row's other tiles, whoever computes them and in
 * whatever order: it decides how much is collected, never what is selected. Just below it, because
 * an equal value at a lower concept would win.
 */
@inline
function tell(bounds: usize, cut: f32): void {
  const below: f32 = cut == 0 ? reinterpret<f32>(0x80000001) : unsortable(sortable(cut) - 1);
  if (below > load<f32>(bounds)) store<f32>(bounds, below);
}


/** The 16 biased pre-activations at hand, so that hits can be picked out of them. */
@inline
function lay(at: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(at, a);
  v128.store(at, b, 16);
  v128.store(at, c, 32);
  v128.store(at, d, 48);
}

@inline
function bits(a: v128, b: v128, c: v128, d: v128): u32 {
  return (
    i32x4.bitmask(a) | (i32x4.bitmask(b) << 4) | (i32x4.bitmask(c) << 8) | (i32x4.bitmask(d) << 12)
  );
}

@inline
function pick(hits: u32, concept: u32, at: usize, out: usize): usize {
  while (hits) {
    const lane = ctz(hits);
    store<u32>(out, concept + lane);
    store<f32>(out, load<f32>(at + lane * 4), 4);
    out += 8;
    hits &= hits - 1;
  }
  return out;
}

/** Every p > bound. */
export function emitAbove(
  p: usize,
  bias: usize,
  width: u32,
  bound: f32,
  concept: u32,
  out: usize,
  hand: usize,
): usize {
  const limit = f32x4.splat(bound);
  for (const end = concept + width; concept < end; concept += 16, p += 64, bias += 64) {
    const a = f32x4.add(v128.load(p), v128.load(bias)),
      b = f32x4.add(v128.load(p, 16), v128.load(bias, 16)),
      c = f32x4.add(v128.load(p, 32), v128.load(bias, 32)),
      d = f32x4.add(v128.load(p, 48), v128.load(bias, 48));
    const ma = f32x4.gt(a, limit),
      mb = f32x4.gt(b, limit),
      mc = f32x4.gt(c, limit),
      md = f32x4.gt(d, limit);
    if (v128.any_true(v128.or(v128.or(ma, mb), v128.or(mc, md)))) {
      lay(hand, a, b, c, d);
      out = pick(bits(ma, mb, mc, md), concept, hand, out);
    }
  }
  return out;
}

/** Every p > max(θ, 0), and an explicit 0 for the others with |p − θ| < halfWindow. */
export function emitThresholds(
  p: usize,
  bias: usize,
  thresholds: usize,
  width: u32,
  halfWindow: f32,
  concept: u32,
  out: usize,
  hand: usize,
): usize {
  const half = f32x4.splat(halfWindow);
  const zero = f32x4.splat(0);
  for (const end = concept + width; concept < end; concept += 4, p += 16, bias += 16, thresholds += 16) {
    const v = f32x4.add(v128.load(p), v128.load(bias));
    const threshold = v128.load(thresholds);
    const active = f32x4.gt(v, f32x4.max(threshold, zero));
    const near = f32x4.lt(f32x4.abs(f32x4.sub(v, threshold)), half);
    const hits = v128.or(active, near);
    if (v128.any_true(hits)) {
      v128.store(hand, v128.and(v, active));
      out = pick(i32x4.bitmask(hits), concept, hand, out);
    }
  }
  return out;
}

/**
 * At most k of the row's largest: when the list is full it is cut down to k and the bound rises
 * to the smallest kept, which later equal values do not pass (ties go to the lower concept).
 * With `masked` only concepts whose mask is all ones count. `bound` is where the row's bound lies.
 */
@inline
function emitTop(
  p: usize,
  bias: usize,
  mask: usize,
  masked: bool,
  width: u32,
  bound: usize,
  k: u32,
  concept: u32,
  first: usize,
  hand: usize,
  keys: usize,
): usize {
  const full = first + <usize>max(2 * k, k + 48) * 8;
  const kept = first + <usize>k * 8;
  let out = first;
  let limit = v128.load32_splat(bound);
  for (const end = concept + width; concept < end; concept += 16, p += 64, bias += 64) {
    let a = f32x4.add(v128.load(p), v128.load(bias)),
      b = f32x4.add(v128.load(p, 16), v128.load(bias, 16)),
      c = f32x4.add(v128.load(p, 32), v128.load(bias, 32)),
      d = f32x4.add(v128.load(p, 48), v128.load(bias, 48));
    if (masked) {
      a = v128.and(a, v128.load(mask));
      b = v128.and(b, v128.load(mask, 16));
      c = v128.and(c, v128.load(mask, 32));
      d = v128.and(d, v128.load(mask, 48));
      mask += 64;
    }
    const ma = f32x4.gt(a, limit),
      mb = f32x4.gt(b, limit),
      mc = f32x4.gt(c, limit),
      md = f32x4.gt(d, limit);
    if (v128.any_true(v128.or(v128.or(ma, mb), v128.or(mc, md)))) {
      lay(hand, a, b, c, d);
      out = pick(bits(ma, mb, mc, md), concept, hand, out);
      if (out >= full) {
        limit = f32x4.splat(keepLargest(first, <u32>((out - first) >> 3), k, keys));
        out = kept;
      }
    }
  }
  if (out > kept) {
    tell(bound, keepLargest(first, <u32>((out - first) >> 3), k, keys));
    out = kept;
  }
  return out;
}

/** The row's k largest above the number at `bound`. */
export function emitLargest(
  p: usize,
  bias: usize,
  width: u32,
  bound: usize,
  k: u32,
  concept: u32,
  out: usize,
  hand: usize,
  keys: usize,
): usize {
  return emitTop(p, bias, 0, false, width, bound, k, concept, out, hand, keys);
}

/** The same of the concepts in the mask only. */
export function emitLargestMasked(
  p: usize,
  bias: usize,
  mask: usize,
  width: u32,
  bound: usize,
  k: u32,
  concept: u32,
  out: usize,
  hand: usize,
  keys: usize,
): usize {
  return emitTop(p, bias, mask, true, width, bound, k, concept, out, hand, keys);
}

/** Counts positive p by their size into a histogram of SIZE_BINS u32. */
export function countBySize(p: usize, bias: usize, width: u32, histogram: usize, shift: u32): void {
  for (const end = p + <usize>width * 4; p < end; p += 4, bias += 4) {
    const v = load<f32>(p) + load<f32>(bias);
    if (v > 0) {
      const at = histogram + <usize>(reinterpret<u32>(v) >> shift) * 4;
      store<u32>(at, load<u32>(at) + 1);
    }
  }
}
