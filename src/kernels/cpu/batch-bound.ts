/**
 * The candidates of a batch-topk selection: all pre-activations above a bound that at least
 * `total` of them pass. The bound comes from the previous batch and only decides how much work is
 * done, never what is selected.
 */
import type { CpuCodes } from "./cpu-tensors.ts";
import type { Engine } from "./engine.ts";
import * as at from "./layout.ts";
import { runTiles, type Tiles } from "./tiles.ts";

/** Runs the tiles; gives how many entries of `codes` are in the pool. */
export function collectLargest(
  engine: Engine,
  codes: CpuCodes,
  total: number,
  rows: number,
  tiles: Tiles,
): number {
  const plenty = 8 * total + 65536;
  let counted = codes.bound === undefined;
  let bound = codes.bound ?? boundByCounting(engine, total, tiles);
  for (;;) {
    engine.setU32(at.MODE, at.ABOVE_BOUND);
    engine.setF32(at.BOUND, bound);
    const found = runTiles(engine, tiles, counted ? Infinity : plenty);
    engine.kernels.startRows(0xffffffff);
    const above = engine.memory.u32[codes.rowStart / 4 + rows];
    const fits = found <= engine.poolCapacity;
    if (fits && (above >= total || bound === 0)) {
      if (above > 2.5 * total) codes.margin = Math.max(0.03, codes.margin * 0.8);
      return above;
    }
    if (above < total) codes.margin = Math.min(0.5, codes.margin * 1.5);
    counted = true;
    bound = boundByCounting(engine, total, tiles);
  }
}

/** A bound from a histogram of all positive pre-activations: one more product, any distribution. */
function boundByCounting(engine: Engine, total: number, tiles: Tiles): number {
  const histogram = engine.scratch("histogram", engine.threads * at.SIZE_BINS * 4) / 4;
  engine.memory.u32.fill(0, histogram, histogram + engine.threads * at.SIZE_BINS);
  engine.setU32(at.MODE, at.COUNT_BY_SIZE);
  engine.setU32(at.HISTOGRAM, histogram * 4);
  engine.phase(at.ENCODE_TILE, tiles.count);
  const u32 = engine.memory.u32;
  let above = 0;
  for (let bin = at.SIZE_BINS - 1; bin >= 0; bin--) {
    for (let t = 0; t < engine.threads; t++) above += u32[histogram + t * at.SIZE_BINS + bin];
    // Everything in this bin is above the number just below its lower edge.
    if (above >= total) {
      return bin === 0 ? 0 : new Float32Array(Uint32Array.of((bin << at.SIZE_SHIFT) - 1).buffer)[0];
    }
  }
  return 0;
}
