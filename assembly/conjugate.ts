/**
 * Conjugate gradients on the face of a least-squares problem: the concepts that are active move
 * together, the others stay at 0. Coordinate descent alone is slow where atoms are alike.
 */
import { add1, add4 } from "./simd";

const MOST_STEPS: u32 = 128;

/**
 * From `values` v and `gradients` q − Gv, both kept up to date: exact steps until no active concept's
 * gradient exceeds `aim`; where one of them reaches 0, the descent begins again without it. G is count rows of
 * `padded` numbers; `direction` and `image` are room for count numbers each.
 */
export function descendFace(
  gram: usize,
  padded: usize,
  count: u32,
  values: usize,
  gradients: usize,
  direction: usize,
  image: usize,
  l1: f32,
  aim: f32,
): void {
  const bytes = <usize>count * 4;
  let squares: f32 = 0;
  for (let a: usize = 0; a < bytes; a += 4) {
    const residual = residualOf(values + a, gradients + a, l1);
    store<f32>(direction + a, residual);
    squares += residual * residual;
  }
  for (let step: u32 = 0; step < MOST_STEPS && squares > 0; step++) {
    multiply(image, gram, padded, direction, count);
    let curvature: f32 = 0;
    for (let a: usize = 0; a < bytes; a += 4) curvature += load<f32>(direction + a) * load<f32>(image + a);
    if (!(curvature > 0)) return;
    let length = squares / curvature;
    let ends = false;
    for (let a: usize = 0; a < bytes; a += 4) {
      const value = load<f32>(values + a);
      const along = load<f32>(direction + a);
      if (value == 0 || along == 0 || (value > 0) == (along > 0) || -value / along > length) continue;
      length = -value / along;
      ends = true;
    }
    for (let a: usize = 0; a < bytes; a += 4) {
      const value = load<f32>(values + a);
      if (value == 0) continue;
      const next = value + length * load<f32>(direction + a);
      store<f32>(values + a, (next > 0) == (value > 0) ? next : 0);
    }
    add1(gradients, count, -length, image);
    const before = squares;
    let most: f32 = 0;
    squares = 0;
    for (let a: usize = 0; a < bytes; a += 4) {
      const residual = residualOf(values + a, gradients + a, l1);
      store<f32>(image + a, residual);
      squares += residual * residual;
      most = max(most, abs(residual));
    }
    if (most <= aim) return;
    const share: f32 = ends ? 0 : squares / before;
    for (let a: usize = 0; a < bytes; a += 4) {
      const active = load<f32>(values + a) != 0;
      store<f32>(direction + a, active ? load<f32>(image + a) + share * load<f32>(direction + a) : 0);
    }
  }
}

/** The gradient of an active concept; 0 of one that is not. */
@inline
function residualOf(value: usize, gradient: usize, l1: f32): f32 {
  const z = load<f32>(value);
  if (z == 0) return 0;
  return load<f32>(gradient) - (z > 0 ? l1 : -l1);
}

/** out = Gv for a v with zeros. */
function multiply(out: usize, gram: usize, padded: usize, v: usize, count: u32): void {
  memory.fill(out, 0, <usize>count * 4);
  const row = padded * 4;
  let a: usize = 0;
  for (; a + 4 <= <usize>count; a += 4) {
    const from = gram + a * row;
    const at = v + a * 4;
    if (!v128.any_true(f32x4.ne(v128.load(at), f32x4.splat(0)))) continue;
    add4(
      out,
      count,
      load<f32>(at),
      from,
      load<f32>(at, 4),
      from + row,
      load<f32>(at, 8),
      from + 2 * row,
      load<f32>(at, 12),
      from + 3 * row,
    );
  }
  for (; a < <usize>count; a++) {
    const value = load<f32>(v + a * 4);
    if (value != 0) add1(out, count, value, gram + a * row);
  }
}
