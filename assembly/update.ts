/**
 * The training step's last part, one range of concepts at a time: gradients of encoder and atom
 * gathered in cache, Adam, and the atom's norm; every parameter and moment is touched once.
 */
import * as at from "../src/kernels/cpu/layout";
import { gatherLists, ACTIVE, TOUCHED } from "./lists";
import { adam, adamOne, prepareAdam, scaleRow } from "./adam";
import { add1, add4, dot, set4, squares } from "./simd";

/** Task 0 is the decoder bias; task r + 1 is range r of the concepts. */
export function updateRange(task: u32, worker: u32): void {
  if (task == 0) {
    sumResiduals(worker);
    applyDecoderBias();
    return;
  }
  gatherLists(task - 1, worker);
  applyRange(task - 1, worker);
}

/** Gathers the lists and stores the squared norm of the task's gradients. */
export function normOfRange(task: u32, worker: u32): void {
  const norms: usize = load<usize>(at.NORMS) + task * 8;
  const d: usize = load<u32>(at.DIMENSION);
  if (task == 0) {
    sumResiduals(worker);
    const bias: usize = load<usize>(at.DECODER_BIAS);
    store<f64>(norms, bias ? squares(load<usize>(at.DECODER_BIAS_GRADIENT), d) : 0);
    return;
  }
  gatherLists(task - 1, worker);
  const gradient: usize = load<usize>(at.LOCAL) + <usize>worker * load<usize>(at.LOCAL_STRIDE);
  const padded = ((d + 15) & ~15) * 4;
  const from = (task - 1) * load<u32>(at.SPAN);
  const to = min(from + load<u32>(at.SPAN), load<u32>(at.CONCEPTS));
  let sum: f64 = 0;
  for (let j: usize = from; j < to; j++) {
    const list: usize = load<usize>(at.LISTS) + j * 16;
    const threshold = <f64>load<f32>(list, 12);
    sum += threshold * threshold;
    if (load<u32>(list, 4) == 0) continue;
    const bias = <f64>gradientsOf(list, gradient, gradient + padded, d);
    const atom: usize = load<usize>(at.ATOMS) + j * d * 4;
    project(gradient + padded, atom, d);
    if (load<usize>(at.ENCODER_BIAS)) sum += bias * bias;
    sum += squares(gradient, d) + squares(gradient + padded, d);
  }
  store<f64>(norms, sum);
}

export function applyGradient(task: u32, worker: u32): void {
  if (task == 0) applyDecoderBias();
  else applyRange(task - 1, worker);
}

/**
 * The encoder's and the atom's gradient of one list; gives the bias's. Entries go by fours; a last
 * group that is short repeats its last row with coefficient 0.
 */
function gradientsOf(list: usize, encoder: usize, atom: usize, d: usize): f32 {
  let e: usize = load<usize>(list);
  const count = load<u32>(list, 4);
  if (load<usize>(at.ENCODER) == 0) {
    atomGradient(e, count, atom, d);
    memory.fill(encoder, 0, d * 4);
    return 0;
  }
  if (count == 0) {
    memory.fill(encoder, 0, d * 4);
    memory.fill(atom, 0, d * 4);
    return 0;
  }
  let bias: f64 = 0;
  for (let i: u32 = 0; i < count; i += 4, e += 64) {
    const left = count - i;
    const e1 = left > 1 ? e + 16 : e,
      e2 = left > 2 ? e + 32 : e1,
      e3 = left > 3 ? e + 48 : e2;
    const g0 = load<f32>(e, 8),
      g1: f32 = left > 1 ? load<f32>(e1, 8) : 0,
      g2: f32 = left > 2 ? load<f32>(e2, 8) : 0,
      g3: f32 = left > 3 ? load<f32>(e3, 8) : 0;
    const c0 = load<f32>(e, 12),
      c1: f32 = left > 1 ? load<f32>(e1, 12) : 0,
      c2: f32 = left > 2 ? load<f32>(e2, 12) : 0,
      c3: f32 = left > 3 ? load<f32>(e3, 12) : 0;
    bias += <f64>g0 + <f64>g1 + <f64>g2 + <f64>g3;
    const x0 = load<usize>(e),
      x1 = load<usize>(e1),
      x2 = load<usize>(e2),
      x3 = load<usize>(e3);
    const r0 = load<usize>(e, 4),
      r1 = load<usize>(e1, 4),
      r2 = load<usize>(e2, 4),
      r3 = load<usize>(e3, 4);
    if (i == 0) {
      set4(encoder, d, g0, x0, g1, x1, g2, x2, g3, x3);
      set4(atom, d, c0, r0, c1, r1, c2, r2, c3, r3);
    } else {
      add4(encoder, d, g0, x0, g1, x1, g2, x2, g3, x3);
      add4(atom, d, c0, r0, c1, r1, c2, r2, c3, r3);
    }
  }
  return <f32>bias;
}

/** The atom's gradient alone, where the encoder is the dictionary. */
function atomGradient(e: usize, count: u32, atom: usize, d: usize): void {
  memory.fill(atom, 0, d * 4);
  for (; count >= 4; count -= 4, e += 64) {
    add4(
      atom,
      d,
      load<f32>(e, 12),
      load<usize>(e, 4),
      load<f32>(e, 28),
      load<usize>(e, 20),
      load<f32>(e, 44),
      load<usize>(e, 36),
      load<f32>(e, 60),
      load<usize>(e, 52),
    );
  }
  for (; count; count--, e += 16) add1(atom, d, load<f32>(e, 12), load<usize>(e, 4));
}

/** gradient ← gradient − ⟨gradient, atom⟩·atom */
@inline
function project(gradient: usize, atom: usize, d: usize): void {
  add1(gradient, d, -dot(gradient, atom, d), atom);
}

function applyRange(range: u32, worker: u32): void {
  const d: usize = load<u32>(at.DIMENSION);
  const bytes = d * 4;
  const padded = ((d + 15) & ~15) * 4;
  const gradient: usize = load<usize>(at.LOCAL) + <usize>worker * load<usize>(at.LOCAL_STRIDE);
  const touched: usize = load<usize>(at.LAST_TOUCHED);
  const since: usize = load<usize>(at.SINCE_ACTIVE);
  const rows = load<u32>(at.ROWS);
  const step = load<u32>(at.STEP);
  const rate = load<f64>(at.RATE);
  const from = range * load<u32>(at.SPAN);
  const to = min(from + load<u32>(at.SPAN), load<u32>(at.CONCEPTS));
  prepareAdam(rate, 0);
  for (let j: usize = from; j < to; j++) {
    const list: usize = load<usize>(at.LISTS) + j * 16;
    const flags = load<u32>(list, 8);
    if (since) {
      const place = since + j * 4;
      store<u32>(place, flags & ACTIVE ? 0 : load<u32>(place) + rows);
    }
    let missed: u32 = 0;
    if (touched) {
      if ((flags & TOUCHED) == 0) continue;
      const last = load<u32>(touched + j * 4);
      store<u32>(touched + j * 4, step);
      if (last < step) missed = step - 1 - last;
      prepareAdam(rate, missed);
    }
    const bias = gradientsOf(list, gradient, gradient + padded, d);
    const atom: usize = load<usize>(at.ATOMS) + j * bytes;
    if (load<u32>(list, 4) != 0) project(gradient + padded, atom, d);
    const row = j * bytes;
    const encoder: usize = load<usize>(at.ENCODER);
    if (encoder) {
      adam(
        encoder + row,
        load<usize>(at.ENCODER_FIRST) + row,
        load<usize>(at.ENCODER_SECOND) + row,
        gradient,
        d,
      );
    }
    adam(atom, load<usize>(at.ATOMS_FIRST) + row, load<usize>(at.ATOMS_SECOND) + row, gradient + padded, d);
    const norm = dot(atom, atom, d);
    if (norm > 0) scaleRow(atom, <f32>(1 / sqrt(<f64>norm)), d);
    const encoderBias: usize = load<usize>(at.ENCODER_BIAS);
    if (encoderBias) {
      adamOne(
        encoderBias + j * 4,
        load<usize>(at.ENCODER_BIAS_FIRST) + j * 4,
        load<usize>(at.ENCODER_BIAS_SECOND) + j * 4,
        bias,
      );
    }
    const thresholds: usize = load<usize>(at.THRESHOLDS);
    if (thresholds) {
      prepareAdam(load<f64>(at.THRESHOLD_RATE), missed);
      const place = thresholds + j * 4;
      adamOne(
        place,
        load<usize>(at.THRESHOLDS_FIRST) + j * 4,
        load<usize>(at.THRESHOLDS_SECOND) + j * 4,
        load<f32>(list, 12),
      );
      store<f32>(place, max(load<f32>(place), 0));
      prepareAdam(rate, 0);
    }
  }
}

/** Column sums of the first term's residual, in float64, times its scale. */
function sumResiduals(worker: u32): void {
  if (load<usize>(at.DECODER_BIAS) == 0) return;
  const d: usize = load<u32>(at.DIMENSION);
  const rows: usize = load<u32>(at.ROWS);
  const sums: usize = load<usize>(at.LOCAL) + <usize>worker * load<usize>(at.LOCAL_STRIDE);
  const residual: usize = load<u32>(at.TERM, 16);
  memory.fill(sums, 0, d * 8);
  for (let i: usize = 0; i < rows; i++) {
    const row = residual + i * d * 4;
    let t: usize = 0;
    for (; t + 4 <= d; t += 4) {
      const v = v128.load(row + t * 4);
      const place = sums + t * 8;
      v128.store(place, f64x2.add(v128.load(place), f64x2.promote_low_f32x4(v)));
      const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
      v128.store(place, f64x2.add(v128.load(place, 16), high), 16);
    }
    for (; t < d; t++) {
      store<f64>(sums + t * 8, load<f64>(sums + t * 8) + <f64>load<f32>(row + t * 4));
    }
  }
  const out: usize = load<usize>(at.DECODER_BIAS_GRADIENT);
  const scale = <f64>load<f32>(at.TERM, 20);
  for (let t: usize = 0; t < d; t++) store<f32>(out + t * 4, <f32>(scale * load<f64>(sums + t * 8)));
}

function applyDecoderBias(): void {
  const bias: usize = load<usize>(at.DECODER_BIAS);
  if (bias == 0) return;
  prepareAdam(load<f64>(at.RATE), 0);
  adam(
    bias,
    load<usize>(at.DECODER_BIAS_FIRST),
    load<usize>(at.DECODER_BIAS_SECOND),
    load<usize>(at.DECODER_BIAS_GRADIENT),
    load<u32>(at.DIMENSION),
  );
}
