/** out (m x n) = a (m x k) · b (n x k)ᵀ in tiles over all threads. */
import type { Backend } from "../backend.ts";
import { addressOf } from "./cpu-tensors.ts";
import type { Engine } from "./engine.ts";
import * as at from "./layout.ts";
import { cutIntoTiles, prepareTiles } from "./tiles.ts";

export function multiply(engine: Engine, operation: Parameters<Backend["product"]>[0]): void {
  const { m, n, k } = operation;
  const a = addressOf(engine, operation.a);
  const b = addressOf(engine, operation.b);
  multiplyAt(engine, { a, b, out: addressOf(engine, operation.out), m, n, k });
}

/** The same between byte addresses. */
export function multiplyAt(
  engine: Engine,
  operation: { a: number; b: number; out: number; m: number; n: number; k: number },
): void {
  const { a, b, out, m, n, k } = operation;
  if (m === 0 || n === 0) return;
  if (k === 0) {
    engine.memory.f32.fill(0, out / 4, out / 4 + m * n);
    return;
  }
  const tiles = cutIntoTiles(m, n);
  prepareTiles(engine, a, m, k, tiles);
  engine.setU32(at.B, b);
  engine.setU32(at.OUT, out);
  engine.setU32(at.COLUMNS, n);
  engine.phase(at.PRODUCT_TILE, tiles.count);
}
