/**
 * Codes of all loss terms turned concept-major for one range of concepts. An entry of a list is
 * 16 bytes: address of its row of x, address of its row of the residual, the code's gradient, and
 * the atom's coefficient (scale · value). Explicit zeros only reach flags and thresholds.
 */
import * as at from "../src/kernels/cpu/layout";

export const TOUCHED: u32 = 1;
export const ACTIVE: u32 = 2;

/** First entry in [from, end) whose concept is at least j. */
@inline
function seek(concepts: usize, from: u32, end: u32, j: u32): u32 {
  while (from < end) {
    const middle = (from + end) >> 1;
    if (load<u32>(concepts + <usize>middle * 4) < j) from = middle + 1;
    else end = middle;
  }
  return from;
}

export function gatherLists(range: u32, worker: u32): void {
  const span = load<u32>(at.SPAN);
  const from = range * span;
  const to = min(from + span, load<u32>(at.CONCEPTS));
  const rows = load<u32>(at.ROWS);
  const terms = load<u32>(at.TERMS);
  const rowBytes: usize = load<u32>(at.DIMENSION) * 4;
  const lists: usize = load<usize>(at.LISTS);
  memory.fill(lists + <usize>from * 16, 0, (to - from) * 16);
  // Where each row's part of this range starts, found once and used twice.
  const found: usize = load<usize>(at.KEYS) + <usize>worker * load<usize>(at.KEYS_STRIDE);
  const thresholds: usize = load<usize>(at.THRESHOLDS);
  const bandwidth = load<f64>(at.BANDWIDTH);
  const half = <f32>(bandwidth / 2);
  const share = load<f64>(at.THRESHOLD_PENALTY) / bandwidth;

  let total: u32 = 0;
  for (let term: u32 = 0; term < terms; term++) {
    const slot: usize = at.TERM + term * at.TERM_BYTES;
    const starts: usize = load<u32>(slot);
    const concepts: usize = load<u32>(slot, 4);
    const values: usize = load<u32>(slot, 8);
    const gradients: usize = load<u32>(slot, 12);
    for (let i: u32 = 0; i < rows; i++) {
      const end = load<u32>(starts + <usize>i * 4, 4);
      let e = seek(concepts, load<u32>(starts + <usize>i * 4), end, from);
      store<u32>(found + (<usize>term * rows + i) * 4, e);
      for (; e < end; e++) {
        const j = load<u32>(concepts + <usize>e * 4);
        if (j >= to) break;
        const list = lists + <usize>j * 16;
        const value = load<f32>(values + <usize>e * 4);
        let flags = load<u32>(list, 8) | TOUCHED;
        if (value != 0) {
          store<u32>(list, load<u32>(list, 4) + 1, 4);
          total++;
        }
        if (term == 0) {
          if (value > 0) flags |= ACTIVE;
          if (thresholds) {
            const threshold = load<f32>(thresholds + <usize>j * 4);
            if (value == 0 || abs(value - threshold) < half) {
              const g = <f64>load<f32>(gradients + <usize>e * 4);
              const part = (<f64>threshold / bandwidth) * g + share;
              store<f32>(list, <f32>(<f64>load<f32>(list, 12) - part), 12);
            }
          }
        }
        store<u32>(list, flags, 8);
      }
    }
  }

  let out: usize = load<usize>(at.POOL) + <usize>(atomic.add<u32>(at.CURSOR, total) * 16);
  for (let j = from; j < to; j++) {
    const list = lists + <usize>j * 16;
    store<u32>(list, <u32>out);
    out += <usize>load<u32>(list, 4) * 16;
    store<u32>(list, 0, 4);
  }
  const x: usize = load<usize>(at.X);
  for (let term: u32 = 0; term < terms; term++) {
    const slot: usize = at.TERM + term * at.TERM_BYTES;
    const starts: usize = load<u32>(slot);
    const concepts: usize = load<u32>(slot, 4);
    const values: usize = load<u32>(slot, 8);
    const gradients: usize = load<u32>(slot, 12);
    const residual: usize = load<u32>(slot, 16);
    const scale = load<f32>(slot, 20);
    const ofEntries: usize = load<u32>(slot, 24);
    for (let i: u32 = 0; i < rows; i++) {
      const end = load<u32>(starts + <usize>i * 4, 4);
      for (let e = load<u32>(found + (<usize>term * rows + i) * 4); e < end; e++) {
        const j = load<u32>(concepts + <usize>e * 4);
        if (j >= to) break;
        const value = load<f32>(values + <usize>e * 4);
        if (value == 0) continue;
        const list = lists + <usize>j * 16;
        const count = load<u32>(list, 4);
        const entry = load<usize>(list) + <usize>count * 16;
        store<u32>(list, count + 1, 4);
        store<u32>(entry, <u32>(x + <usize>i * rowBytes));
        const towards = ofEntries ? ofEntries + <usize>e * rowBytes : residual + <usize>i * rowBytes;
        store<u32>(entry, <u32>towards, 4);
        store<f32>(entry, load<f32>(gradients + <usize>e * 4), 8);
        store<f32>(entry, ofEntries ? scale : scale * value, 12);
      }
    }
  }
}
