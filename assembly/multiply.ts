/** Dense products tile by tile: rows with rows, or columns with columns. */
import * as at from "../src/kernels/cpu/layout";
import { blasProduct } from "./blas";
import { productTile, transpose } from "./product";

/** One tile of out = x·bᵀ, or of xᵀ·b by columns. */
export function multiplyTile(task: u32, worker: u32): void {
  const rowBlocks = load<u32>(at.ROW_BLOCKS);
  let rowBlock = task % rowBlocks;
  let columnBlock = task / rowBlocks;
  const symmetric = load<u32>(at.SYMMETRIC);
  if (symmetric) {
    // Tiles of the lower triangle, row by row.
    rowBlock = <u32>((sqrt<f64>(8 * <f64>task + 1) - 1) / 2);
    if (rowBlock * (rowBlock + 1) / 2 > task) rowBlock--;
    else if ((rowBlock + 1) * (rowBlock + 2) / 2 <= task) rowBlock++;
    columnBlock = task - rowBlock * (rowBlock + 1) / 2;
  }
  const row = rowBlock * load<u32>(at.TILE_ROWS);
  const column = columnBlock * load<u32>(at.TILE_COLUMNS);
  const m = load<u32>(at.ROWS);
  const rows = min(load<u32>(at.TILE_ROWS), m - row);
  const columns = load<u32>(at.COLUMNS);
  const n = min(load<u32>(at.TILE_COLUMNS), columns - column);
  const k = load<u32>(at.DIMENSION);
  const x: usize = load<usize>(at.X);
  const out: usize = load<usize>(at.OUT) + (<usize>row * columns + column) * 4;
  const byColumns = load<u32>(at.BY_COLUMNS);
  if (load<u32>(at.USE_BLAS)) {
    const b: usize = load<usize>(at.B);
    const half: u32 = symmetric && rowBlock == columnBlock ? at.PRODUCT_LOWER_HALF : 0;
    if (byColumns) {
      const mode = half + at.PRODUCT_BY_COLUMNS;
      blasProduct(mode, rows, n, k, x + <usize>row * 4, m, b + <usize>column * 4, columns, out, columns);
    } else {
      blasProduct(half, rows, n, k, x + <usize>row * k * 4, k, b + <usize>column * k * 4, k, out, columns);
    }
    return;
  }
  const b: usize = load<usize>(byColumns ? at.TURNED : at.B) + <usize>column * k * 4;
  const tile: usize = load<usize>(at.TILE) + <usize>worker * load<usize>(at.TILE_STRIDE);
  const leading = load<u32>(at.TILE_LEADING);
  productTile(load<usize>(at.PACKED) + <usize>row * k * 4, rows, b, n, k, tile, leading);
  for (let i: usize = 0; i < rows; i++) memory.copy(out + i * columns * 4, tile + i * leading * 4, n * 4);
}

/** Panel `task`: columns 8·task … of x (k x m) as `packRows` packs rows, columns past the end being zeros. */
export function packColumns(task: u32): void {
  const k: usize = load<u32>(at.DIMENSION);
  const m: usize = load<u32>(at.ROWS);
  const column: usize = task * 8;
  const width = min<usize>(8, m - column);
  let from: usize = load<usize>(at.X) + column * 4;
  let out: usize = load<usize>(at.PACKED) + <usize>task * k * 32;
  const stride = m * 4;
  if (width == 8) {
    for (let t: usize = 0; t < k; t++, from += stride, out += 32) {
      v128.store(out, v128.load(from));
      v128.store(out, v128.load(from, 16), 16);
    }
    return;
  }
  for (let t: usize = 0; t < k; t++, from += stride, out += 32) {
    v128.store(out, i32x4.splat(0));
    v128.store(out, i32x4.splat(0), 16);
    memory.copy(out, from, width * 4);
  }
}

/** Rows 32·task … of b (k x n) as columns of its transpose (n x k). */
export function turnRows(task: u32): void {
  const k: usize = load<u32>(at.DIMENSION);
  const n: usize = load<u32>(at.COLUMNS);
  const b: usize = load<usize>(at.B);
  const out: usize = load<usize>(at.TURNED);
  const first: usize = task * 32;
  const end = min<usize>(first + 32, k);
  const whole = first + ((end - first) & ~3);
  for (let j: usize = 0; j < n; j += 4) {
    if (j + 4 <= n) {
      for (let i = first; i < whole; i += 4) {
        const from = b + (i * n + j) * 4;
        transpose(out + (j * k + i) * 4, k * 4, from, from + n * 4, from + n * 8, from + n * 12);
      }
    }
    const last = min<usize>(j + 4, n);
    for (let i = j + 4 <= n ? whole : first; i < end; i++) {
      for (let c = j; c < last; c++) store<f32>(out + (c * k + i) * 4, load<f32>(b + (i * n + c) * 4));
    }
  }
}

/** Rows 32·task … of the symmetric out: what lies right of the diagonal, from below it. */
export function mirror(task: u32): void {
  const n: usize = load<u32>(at.COLUMNS);
  const out: usize = load<usize>(at.OUT);
  const first: usize = task * 32;
  const end = min<usize>(first + 32, n);
  for (let j0 = first; j0 < n; j0 += 32) {
    const j1 = min<usize>(j0 + 32, n);
    for (let i = first; i < end; i++) {
      for (let j = max<usize>(j0, i + 1); j < j1; j++) {
        store<f32>(out + (i * n + j) * 4, load<f32>(out + (j * n + i) * 4));
      }
    }
  }
}
