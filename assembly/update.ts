/**
 * The training step's last part, one range of concepts at a time: gradients of encoder and atom
 * gathered in cache, Adam, and the atom's norm; every parameter and moment is touched once.
 */
import * as at from "../src/kernels/cpu/layout";
import { gatherLists, ACTIVE, TOUCHED } from "./lists";
import { adam, adamOne, prepareAdam, scaleRow } from "./adam";
import { add1, add4, dot, fma, squares } from "./simd";

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
    sum += bias * bias + squares(gradient, d) + squares(gradient + padded, d);
  }
  store<f64>(norms, sum);
}

export function applyGradient(task: u32, worker: u32): void {
  if (task == 0) applyDecoderBias();
  else applyRange(task - 1, worker);
}

/** The encoder's and the atom's gradient of one list; gives the bias's. */
function gradientsOf(list: usize, encoder: usize, atom: usize, d: usize): f32 {
  memory.fill(encoder, 0, d * 4);
  memory.fill(atom, 0, d * 4);
  let e: usize = load<u32>(list);
  const end = e + <usize>load<u32>(list, 4) * 16;
  let bias: f64 = 0;
  for (; e + 64 <= end; e += 64) {
    const g0 = load<f32>(e, 8),
      g1 = load<f32>(e, 24),
      g2 = load<f32>(e, 40),
      g3 = load<f32>(e, 56);
    bias += <f64>g0 + <f64>g1 + <f64>g2 + <f64>g3;
    add4(encoder, d, g0, load<u32>(e), g1, load<u32>(e, 16), g2, load<u32>(e, 32), g3, load<u32>(e, 48));
    add4(
      atom,
      d,
      load<f32>(e, 12),
      load<u32>(e, 4),
      load<f32>(e, 28),
      load<u32>(e, 20),
      load<f32>(e, 44),
      load<u32>(e, 36),
      load<f32>(e, 60),
      load<u32>(e, 52),
    );
  }
  for (; e < end; e += 16) {
    const g = load<f32>(e, 8);
    bias += g;
    add1(encoder, d, g, load<u32>(e));
    add1(atom, d, load<f32>(e, 12), load<u32>(e, 4));
  }
  return <f32>bias;
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
    adam(
      load<usize>(at.ENCODER) + row,
      load<usize>(at.ENCODER_FIRST) + row,
      load<usize>(at.ENCODER_SECOND) + row,
      gradient,
      d,
    );
    adam(atom, load<usize>(at.ATOMS_FIRST) + row, load<usize>(at.ATOMS_SECOND) + row, gradient + padded, d);
    const norm = squares(atom, d);
    if (norm > 0) scaleRow(atom, <f32>(1 / sqrt(norm)), d);
    adamOne(
      load<usize>(at.ENCODER_BIAS) + j * 4,
      load<usize>(at.ENCODER_BIAS_FIRST) + j * 4,
      load<usize>(at.ENCODER_BIAS_SECOND) + j * 4,
      bias,
    );
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
