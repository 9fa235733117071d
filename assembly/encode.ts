/** Encoding: a tile of pre-activations, the selection right behind it, and codes by row. */
import * as at from "../src/kernels/cpu/layout";
import { blasProduct } from "./blas";
import { countBySize, emitAbove, emitLargest, emitLargestMasked, emitThresholds } from "./emit";
import { keepLargest, kthLargest, sortable, unsortable } from "./largest";
import { productTile } from "./product";

/** One tile of pre-activations and the entries its selection keeps. */
export function encodeTile(task: u32, worker: u32): void {
  const rowBlocks = load<u32>(at.ROW_BLOCKS);
  const row = (task % rowBlocks) * load<u32>(at.TILE_ROWS);
  const block = task / rowBlocks;
  const concept = block * load<u32>(at.TILE_COLUMNS);
  const rows = min(load<u32>(at.TILE_ROWS), load<u32>(at.ROWS) - row);
  const n = min(load<u32>(at.TILE_COLUMNS), load<u32>(at.CONCEPTS) - concept);
  const d = load<u32>(at.DIMENSION);
  const tile: usize = load<usize>(at.TILE) + <usize>worker * load<usize>(at.TILE_STRIDE);
  const leading = load<u32>(at.TILE_LEADING);
  const encoder: usize = load<usize>(at.ENCODER) + <usize>concept * d * 4;
  if (load<u32>(at.USE_BLAS)) {
    blasProduct(0, rows, n, d, load<usize>(at.X) + <usize>row * d * 4, d, encoder, d, tile, leading);
  } else productTile(load<usize>(at.PACKED) + <usize>row * d * 4, rows, encoder, n, d, tile, leading);

  const width = (n + 15) & ~15;
  for (let i: u32 = 0; i < rows; i++) {
    const p = tile + <usize>i * leading * 4;
    for (let t = n; t < width; t++) store<f32>(p + t * 4, -Infinity);
  }

  const mode = load<u32>(at.MODE);
  const bias: usize = load<usize>(at.BIAS) + <usize>concept * 4;
  const keys: usize = load<usize>(at.KEYS) + <usize>worker * load<usize>(at.KEYS_STRIDE);
  // The first 64 bytes of the buffer are the hand, entries follow.
  const hand: usize = load<usize>(at.BUFFER) + <usize>worker * load<usize>(at.BUFFER_STRIDE);
  if (mode == at.COUNT_BY_SIZE) {
    const histogram: usize = load<usize>(at.HISTOGRAM) + worker * (at.SIZE_BINS * 4);
    for (let i: usize = 0; i < rows; i++) {
      countBySize(tile + i * leading * 4, bias, width, histogram, at.SIZE_SHIFT);
    }
    return;
  }
  const first = hand + 64;
  let out = first;
  const segments: usize = load<usize>(at.SEGMENTS);
  const blocks = load<u32>(at.COLUMN_BLOCKS);
  const bound = load<f32>(at.BOUND);
  const skip = load<u32>(at.SKIP);
  for (let i: u32 = 0; i < rows; i++) {
    const p = tile + <usize>i * leading * 4;
    const start = out;
    // The row's own concept stands aside for this selection only.
    const self = p + <usize>(skip + row + i - concept) * 4;
    const aside = skip != 0xffffffff && skip + row + i >= concept && skip + row + i < concept + n;
    const own: f32 = aside ? load<f32>(self) : 0;
    if (aside) store<f32>(self, -Infinity);
    if (mode == at.ABOVE_BOUND) out = emitAbove(p, bias, width, bound, concept, out, hand);
    else if (mode == at.TOP_OF_ROW) {
      const place = load<usize>(at.ROW_BOUNDS) + <usize>(row + i) * 4;
      out = emitLargest(p, bias, width, place, load<u32>(at.K), concept, out, hand, keys);
    } else {
      const thresholds: usize = load<usize>(at.THRESHOLDS) + <usize>concept * 4;
      out = emitThresholds(p, bias, thresholds, width, load<f32>(at.HALF_WINDOW), concept, out, hand);
    }
    if (aside) store<f32>(self, own);
    const segment = segments + (<usize>(row + i) * blocks + block) * 8;
    store<u32>(segment, <u32>((start - first) >> 3));
    store<u32>(segment, <u32>((out - start) >> 3), 4);
  }
  commit(segments, row, rows, block, blocks, first, out);

  const mask: usize = load<usize>(at.AUXILIARY_MASK);
  if (mask == 0) return;
  out = first;
  const others: usize = load<usize>(at.AUXILIARY_SEGMENTS);
  for (let i: u32 = 0; i < rows; i++) {
    const p = tile + <usize>i * leading * 4;
    const start = out;
    const listed = mask + <usize>concept * 4;
    const place = load<usize>(at.AUXILIARY_BOUNDS) + <usize>(row + i) * 4;
    out = emitLargestMasked(p, bias, listed, width, place, load<u32>(at.AUXILIARY_K), concept, out, hand, keys);
    const segment = others + (<usize>(row + i) * blocks + block) * 8;
    store<u32>(segment, <u32>((start - first) >> 3));
    store<u32>(segment, <u32>((out - start) >> 3), 4);
  }
  commit(others, row, rows, block, blocks, first, out);
}

/** Moves a tile's entries to the pool, where its segments then point; counts even without room. */
function commit(
  segments: usize,
  row: u32,
  rows: u32,
  block: u32,
  blocks: u32,
  first: usize,
  end: usize,
): void {
  const count = <u32>((end - first) >> 3);
  const start = atomic.add<u32>(at.CURSOR, count);
  if (<u64>start + count > load<u32>(at.POOL_CAPACITY)) return;
  memory.copy(load<usize>(at.POOL) + <usize>start * 8, first, count * 8);
  for (let i: u32 = 0; i < rows; i++) {
    const segment = segments + (<usize>(row + i) * blocks + block) * 8;
    store<u32>(segment, load<u32>(segment) + start);
  }
}

/**
 * Finds the `total`-th largest of all entries, stores it as the cut, and for every row where its
 * codes start and how many of the values equal to the cut it keeps. Needs `keys` for all entries.
 */
export function cutBatch(total: u32, keys: usize): void {
  const rows = load<u32>(at.ROWS);
  const blocks = load<u32>(at.COLUMN_BLOCKS);
  const segments: usize = load<usize>(at.SEGMENTS);
  const pool: usize = load<usize>(at.POOL);
  const starts: usize = load<usize>(at.ROW_START);
  const ties: usize = load<usize>(at.TIES);
  let count: u32 = 0;
  for (let s: usize = segments, end = segments + <usize>rows * blocks * 8; s < end; s += 8) {
    const n = load<u32>(s, 4);
    for (let e: usize = pool + <usize>load<u32>(s) * 8, last = e + <usize>n * 8; e < last; e += 8) {
      store<u32>(keys + count * 4, sortable(load<f32>(e, 4)));
      count++;
    }
  }
  let cut: u32 = 0;
  let equal: u32 = 0;
  if (count > total && total > 0) {
    cut = kthLargest(keys, count, total);
    for (let i: u32 = 0; i < total; i++) if (load<u32>(keys + i * 4) == cut) equal++;
  } else if (total == 0) cut = sortable(Infinity);
  store<f32>(at.CUT, unsortable(cut));
  const limit = unsortable(cut);
  let start: u32 = 0;
  for (let i: usize = 0; i < rows; i++) {
    store<u32>(starts + i * 4, start);
    let above: u32 = 0;
    let same: u32 = 0;
    for (let s: usize = segments + i * blocks * 8, end = s + blocks * 8; s < end; s += 8) {
      const n = load<u32>(s, 4);
      if (cut == 0) {
        above += n;
        continue;
      }
      for (let e: usize = pool + <usize>load<u32>(s) * 8, last = e + <usize>n * 8; e < last; e += 8) {
        const v = load<f32>(e, 4);
        above += u32(v > limit);
        same += u32(v == limit);
      }
    }
    const kept = min(same, equal);
    equal -= kept;
    store<u32>(ties + i * 4, kept);
    start += above + kept;
  }
  store<u32>(starts + rows * 4, start);
}

/** Where every row's codes start when it keeps all of its entries, or at most k. */
export function startRows(k: u32): void {
  const rows = load<u32>(at.ROWS);
  const blocks = load<u32>(at.COLUMN_BLOCKS);
  const segments: usize = load<usize>(at.SEGMENTS);
  const starts: usize = load<usize>(at.ROW_START);
  let start: u32 = 0;
  for (let i: usize = 0; i < rows; i++) {
    store<u32>(starts + i * 4, start);
    let count: u32 = 0;
    for (let s: usize = segments + i * blocks * 8, end = s + blocks * 8; s < end; s += 8) {
      count += load<u32>(s, 4);
    }
    start += min(count, k);
  }
  store<u32>(starts + rows * 4, start);
}

/** Writes the codes of one block of rows and notes the smallest value that is not an explicit 0. */
export function writeRows(task: u32, worker: u32): void {
  const perTask = load<u32>(at.ROWS_PER_TASK);
  const blocks = load<u32>(at.COLUMN_BLOCKS);
  const pool: usize = load<usize>(at.POOL);
  const mode = load<u32>(at.MODE);
  const cut = load<f32>(at.CUT);
  const starts: usize = load<usize>(at.ROW_START);
  const concepts: usize = load<usize>(at.CODE_CONCEPT);
  const values: usize = load<usize>(at.CODE_VALUE);
  const keys: usize = load<usize>(at.KEYS) + <usize>worker * load<usize>(at.KEYS_STRIDE);
  const buffer: usize = load<usize>(at.BUFFER) + <usize>worker * load<usize>(at.BUFFER_STRIDE);
  let smallest: f32 = Infinity;
  for (let i: usize = task * perTask, last = min((task + 1) * perTask, load<u32>(at.ROWS)); i < last; i++) {
    let out: usize = load<u32>(starts + i * 4);
    const expected = load<u32>(starts + i * 4, 4) - <u32>out;
    let ties: u32 = mode == at.ABOVE_BOUND ? load<u32>(load<usize>(at.TIES) + i * 4) : 0;
    let list = buffer;
    for (let s: usize = load<usize>(at.SEGMENTS) + i * blocks * 8, end = s + blocks * 8; s < end; s += 8) {
      const n: usize = load<u32>(s, 4);
      const e = pool + <usize>load<u32>(s) * 8;
      if (mode == at.ABOVE_BOUND) {
        for (let t: usize = 0; t < n; t++) {
          const v = load<f32>(e + t * 8, 4);
          if (v < cut) continue;
          if (v == cut) {
            if (ties == 0) continue;
            ties--;
          }
          store<u32>(concepts + out * 4, load<u32>(e + t * 8));
          store<f32>(values + out * 4, v);
          smallest = min(smallest, v);
          out++;
        }
      } else {
        memory.copy(list, e, n * 8);
        list += n * 8;
      }
    }
    if (mode == at.ABOVE_BOUND) continue;
    const count = <u32>((list - buffer) >> 3);
    if (count > expected) keepLargest(buffer, count, expected, keys);
    for (let t: usize = 0; t < expected; t++) {
      const v = load<f32>(buffer + t * 8, 4);
      store<u32>(concepts + (out + t) * 4, load<u32>(buffer + t * 8));
      store<f32>(values + (out + t) * 4, v);
      if (v != 0) smallest = min(smallest, v);
    }
  }
  store<f32>(load<usize>(at.SMALLEST) + task * 4, smallest);
}
