/** Reconstruction of a block of rows from their active concepts only. */
import * as at from "../src/kernels/cpu/layout";
import { add1, add4, dot, squares } from "./simd";

export function reconstructRows(task: u32, worker: u32): void {
  const perTask = load<u32>(at.ROWS_PER_TASK);
  const last: usize = min((task + 1) * perTask, load<u32>(at.ROWS));
  for (let row: usize = task * perTask; row < last; row++) reconstructRow(row, worker);
}

function reconstructRow(row: usize, worker: u32): void {
  const d: usize = load<u32>(at.DIMENSION);
  const bytes = d * 4;
  const atoms: usize = load<usize>(at.ATOMS);
  const bias: usize = load<usize>(at.DECODER_BIAS);
  const target: usize = load<usize>(at.TARGET) + row * bytes;
  const residual: usize = load<usize>(at.RESIDUAL) + row * bytes;
  const starts: usize = load<usize>(at.ROW_START) + row * 4;
  const first: usize = load<u32>(starts),
    end: usize = load<u32>(starts, 4);
  const concepts: usize = load<usize>(at.CODE_CONCEPT);
  const values: usize = load<usize>(at.CODE_VALUE);
  const sum: usize = load<usize>(at.LOCAL) + <usize>worker * load<usize>(at.LOCAL_STRIDE);

  if (bias) memory.copy(sum, bias, bytes);
  else memory.fill(sum, 0, bytes);
  let e = first;
  for (; e + 4 <= end; e += 4) {
    const c = concepts + e * 4,
      v = values + e * 4;
    add4(
      sum,
      d,
      load<f32>(v),
      atoms + load<usize>(c) * bytes,
      load<f32>(v, 4),
      atoms + load<usize>(c, 4) * bytes,
      load<f32>(v, 8),
      atoms + load<usize>(c, 8) * bytes,
      load<f32>(v, 12),
      atoms + load<usize>(c, 12) * bytes,
    );
  }
  for (; e < end; e++) add1(sum, d, load<f32>(values + e * 4), atoms + load<usize>(concepts + e * 4) * bytes);

  let t: usize = 0;
  for (const whole = (d >> 2) << 4; t < whole; t += 16) {
    v128.store(sum + t, f32x4.sub(v128.load(sum + t), v128.load(target + t)));
  }
  for (; t < bytes; t += 4) store<f32>(sum + t, load<f32>(sum + t) - load<f32>(target + t));
  store<f64>(load<usize>(at.ERRORS) + row * 8, squares(sum, d));

  if (load<u32>(at.WANTS_GRADIENT)) {
    const gradients: usize = load<usize>(at.CODE_GRADIENT);
    const scale = load<f32>(at.GRADIENT_SCALE);
    const penalty = load<f32>(at.PENALTY);
    for (e = first; e < end; e++) {
      const along = dot(sum, atoms + load<usize>(concepts + e * 4) * bytes, d);
      store<f32>(gradients + e * 4, scale * along + penalty);
    }
  }

  const scale = f32x4.splat(load<f32>(at.RESIDUAL_SCALE));
  t = 0;
  for (const whole = (d >> 2) << 4; t < whole; t += 16) {
    v128.store(residual + t, f32x4.mul(scale, v128.load(sum + t)));
  }
  for (; t < bytes; t += 4) store<f32>(residual + t, f32x4.extract_lane(scale, 0) * load<f32>(sum + t));
}
