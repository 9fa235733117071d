/**
 * How a dense product is cut into tiles. It depends on the shape alone, never on the number of
 * threads, so that results are the same bytes however many there are.
 */
import type { Engine } from "./engine.ts";
import * as at from "./layout.ts";

/** A tile of 256 x 768 float32 fits a second-level cache and keeps a BLAS at full speed. */
const MOST_ROWS = 256;
const MOST_COLUMNS = 768;

export interface Tiles {
  readonly rows: number;
  readonly columns: number;
  readonly rowBlocks: number;
  readonly columnBlocks: number;
  readonly count: number;
}

const upTo = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;

export function cutIntoTiles(rows: number, columns: number): Tiles {
  const mostRows = rows <= 2 * MOST_ROWS ? MOST_ROWS / 2 : MOST_ROWS;
  const tileRows = upTo(Math.ceil(rows / Math.ceil(rows / mostRows)), 8);
  const tileColumns = upTo(Math.ceil(columns / Math.ceil(columns / MOST_COLUMNS)), 16);
  const rowBlocks = Math.ceil(rows / tileRows);
  const columnBlocks = Math.ceil(columns / tileColumns);
  return { rows: tileRows, columns: tileColumns, rowBlocks, columnBlocks, count: rowBlocks * columnBlocks };
}

/** Square tiles of the lower triangle of a symmetric n x n product; a BLAS leaves out half of those on the diagonal. */
export function squareTiles(n: number, usesBlas: boolean): Tiles {
  const most = usesBlas || n > 4 * MOST_ROWS ? MOST_ROWS : MOST_ROWS / 2;
  const side = upTo(Math.ceil(n / Math.ceil(n / most)), 16);
  const blocks = Math.ceil(n / side);
  const count = (blocks * (blocks + 1)) / 2;
  return { rows: side, columns: side, rowBlocks: blocks, columnBlocks: blocks, count };
}

/** Sets the arguments of the left operand and the tiling, and packs the operand for WebAssembly. */
export function prepareTiles(engine: Engine, x: number, rows: number, dimension: number, tiles: Tiles): void {
  tileArguments(engine, x, rows, dimension, tiles);
  packLeft(engine, rows, dimension, at.PACK_ROWS);
}

export function tileArguments(
  engine: Engine,
  x: number,
  rows: number,
  dimension: number,
  tiles: Tiles,
): void {
  // Room for the six columns that a register tile may write past the last one.
  const leading = tiles.columns + 16;
  engine.setU32(at.X, x);
  engine.setU32(at.ROWS, rows);
  engine.setU32(at.DIMENSION, dimension);
  engine.setU32(at.TILE_ROWS, tiles.rows);
  engine.setU32(at.TILE_COLUMNS, tiles.columns);
  engine.setU32(at.ROW_BLOCKS, tiles.rowBlocks);
  engine.setU32(at.COLUMN_BLOCKS, tiles.columnBlocks);
  engine.setU32(at.TILE_LEADING, leading);
  engine.setU32(at.USE_BLAS, engine.usesBlas ? 1 : 0);
  engine.threadScratch("tile", tiles.rows * leading * 4, at.TILE, at.TILE_STRIDE);
}

/** Packs the left operand by eights of its rows, or of its columns, where WebAssembly multiplies. */
export function packLeft(engine: Engine, rows: number, dimension: number, kernel: number): void {
  if (engine.usesBlas) return;
  const panels = Math.ceil(rows / 8);
  engine.setU32(at.PACKED, engine.scratch("packed", panels * 8 * dimension * 4));
  engine.phase(kernel, panels);
}

/** Runs the tiles until the pool had room for all entries; gives how many there are. */
export function runTiles(engine: Engine, tiles: Tiles, mostEntries = Infinity): number {
  let capacity = Math.max(engine.poolCapacity, 1 << 16);
  for (;;) {
    engine.poolCapacity = capacity;
    engine.setU32(at.POOL, engine.scratch("pool", capacity * 8));
    engine.setU32(at.POOL_CAPACITY, capacity);
    engine.phase(at.ENCODE_TILE, tiles.count);
    const found = engine.getU32(at.CURSOR);
    if (found <= capacity || found > mostEntries) return found;
    capacity = Math.ceil(found * 1.25);
  }
}
