/**
 * The dense product out = x·eᵀ in float32. Rows of x are packed by eights, dimension-major, so
 * that two vectors hold one dimension of eight rows; rows of e are read where they lie, one number
 * spread over a vector. 8 x 6 results stay in registers over the whole inner dimension, so every
 * result is one running sum in the order of the dimensions, wherever its tile lies.
 */
import { PACKED, ROWS, X, DIMENSION } from "../src/kernels/cpu/layout";
import { fma } from "./simd";

/** Panel `task`: rows 8·task … of x, rows past the end repeating the last one. */
export function packRows(task: u32): void {
  const d: usize = load<u32>(DIMENSION);
  const last: usize = load<u32>(ROWS) - 1;
  const x: usize = load<usize>(X);
  let out: usize = load<usize>(PACKED) + <usize>task * d * 32;
  const row: usize = task * 8;
  const stride = d * 4;
  const r0 = x + min(row, last) * stride,
    r1 = x + min(row + 1, last) * stride,
    r2 = x + min(row + 2, last) * stride,
    r3 = x + min(row + 3, last) * stride,
    r4 = x + min(row + 4, last) * stride,
    r5 = x + min(row + 5, last) * stride,
    r6 = x + min(row + 6, last) * stride,
    r7 = x + min(row + 7, last) * stride;
  const whole = (d >> 2) << 4;
  let t: usize = 0;
  for (; t < whole; t += 16) {
    transpose(out, 32, r0 + t, r1 + t, r2 + t, r3 + t);
    transpose(out + 16, 32, r4 + t, r5 + t, r6 + t, r7 + t);
    out += 128;
  }
  for (; t < stride; t += 4) {
    store<f32>(out, load<f32>(r0 + t));
    store<f32>(out, load<f32>(r1 + t), 4);
    store<f32>(out, load<f32>(r2 + t), 8);
    store<f32>(out, load<f32>(r3 + t), 12);
    store<f32>(out, load<f32>(r4 + t), 16);
    store<f32>(out, load<f32>(r5 + t), 20);
    store<f32>(out, load<f32>(r6 + t), 24);
    store<f32>(out, load<f32>(r7 + t), 28);
    out += 32;
  }
}

/** A 4 x 4 block of four rows into four vectors `stride` bytes apart. */
@inline
export function transpose(out: usize, stride: usize, p0: usize, p1: usize, p2: usize, p3: usize): void {
  const a = v128.load(p0),
    b = v128.load(p1),
    c = v128.load(p2),
    d = v128.load(p3);
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5),
    ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5),
    cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<i64>(ab0, cd0, 0, 2));
  v128.store(out + stride, v128.shuffle<i64>(ab0, cd0, 1, 3));
  v128.store(out + 2 * stride, v128.shuffle<i64>(ab1, cd1, 0, 2));
  v128.store(out + 3 * stride, v128.shuffle<i64>(ab1, cd1, 1, 3));
}

/**
 * `rows` rows from panel `packed` on against `n` rows of e. Writes up to 7 rows and 5 columns more
 * than asked: `out` needs that room, `leading` is the floats between its rows.
 */
export function productTile(
  packed: usize,
  rows: usize,
  e: usize,
  n: usize,
  d: usize,
  out: usize,
  leading: usize,
): void {
  const stride = d * 4;
  const last = n - 1;
  for (let j: usize = 0; j < n; j += 6) {
    const e0 = e + j * stride,
      e1 = e + min(j + 1, last) * stride,
      e2 = e + min(j + 2, last) * stride,
      e3 = e + min(j + 3, last) * stride,
      e4 = e + min(j + 4, last) * stride,
      e5 = e + min(j + 5, last) * stride;
    for (let i: usize = 0; i < rows; i += 8) {
      micro(packed + i * stride, e0, e1, e2, e3, e4, e5, out + (i * leading + j) * 4, leading * 4, stride);
    }
  }
}

function micro(
  x: usize,
  e0: usize,
  e1: usize,
  e2: usize,
  e3: usize,
  e4: usize,
  e5: usize,
  out: usize,
  leading: usize,
  bytes: usize,
): void {
  let c00 = f32x4.splat(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00,
    c40 = c00,
    c41 = c00,
    c50 = c00,
    c51 = c00;
  let t: usize = 0;
  do {
    const y0 = v128.load(x),
      y1 = v128.load(x, 16);
    let a = v128.load32_splat(e0 + t);
    c00 = fma(a, y0, c00);
    c01 = fma(a, y1, c01);
    a = v128.load32_splat(e1 + t);
    c10 = fma(a, y0, c10);
    c11 = fma(a, y1, c11);
    a = v128.load32_splat(e2 + t);
    c20 = fma(a, y0, c20);
    c21 = fma(a, y1, c21);
    a = v128.load32_splat(e3 + t);
    c30 = fma(a, y0, c30);
    c31 = fma(a, y1, c31);
    a = v128.load32_splat(e4 + t);
    c40 = fma(a, y0, c40);
    c41 = fma(a, y1, c41);
    a = v128.load32_splat(e5 + t);
    c50 = fma(a, y0, c50);
    c51 = fma(a, y1, c51);
    x += 32;
    t += 4;
  } while (t < bytes);
  column(out, leading, c00, c01);
  column(out + 4, leading, c10, c11);
  column(out + 8, leading, c20, c21);
  column(out + 12, leading, c30, c31);
  column(out + 16, leading, c40, c41);
  column(out + 20, leading, c50, c51);
}

@inline
function column(out: usize, leading: usize, upper: v128, lower: v128): void {
  v128.store_lane<f32>(out, upper, 0);
  out += leading;
  v128.store_lane<f32>(out, upper, 1);
  out += leading;
  v128.store_lane<f32>(out, upper, 2);
  out += leading;
  v128.store_lane<f32>(out, upper, 3);
  out += leading;
  v128.store_lane<f32>(out, lower, 0);
  out += leading;
  v128.store_lane<f32>(out, lower, 1);
  out += leading;
  v128.store_lane<f32>(out, lower, 2);
  out += leading;
  v128.store_lane<f32>(out, lower, 3);
}
