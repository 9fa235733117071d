/** Dense products in tiles over all threads: rows with rows, or columns with columns. */
import type { Product } from "../backend.ts";
import { addressOf } from "./cpu-tensors.ts";
import type { Engine } from "./engine.ts";
import * as at from "./layout.ts";
import { cutIntoTiles, packLeft, squareTiles, tileArguments } from "./tiles.ts";

/** Rows that one task of MIRROR or TURN_ROWS takes. */
const STRIPE = 32;

export function multiply(engine: Engine, operation: Product, byColumns = false): void {
  const { m, n, k } = operation;
  const a = addressOf(engine, operation.a);
  const b = addressOf(engine, operation.b);
  multiplyAt(engine, { a, b, out: addressOf(engine, operation.out), m, n, k }, byColumns);
}

/** The same between byte addresses. */
export function multiplyAt(
  engine: Engine,
  operation: { a: number; b: number; out: number; m: number; n: number; k: number },
  byColumns = false,
): void {
  const { a, b, out, m, n, k } = operation;
  if (m === 0 || n === 0) return;
  if (k === 0) {
    engine.memory.f32.fill(0, out / 4, out / 4 + m * n);
    return;
  }
  const symmetric = a === b && m === n;
  const tiles = symmetric ? squareTiles(m, engine.usesBlas) : cutIntoTiles(m, n);
  tileArguments(engine, a, m, k, tiles);
  engine.setU32(at.B, b);
  engine.setU32(at.OUT, out);
  engine.setU32(at.COLUMNS, n);
  engine.setU32(at.BY_COLUMNS, byColumns ? 1 : 0);
  engine.setU32(at.SYMMETRIC, symmetric ? 1 : 0);
  packLeft(engine, m, k, byColumns ? at.PACK_COLUMNS : at.PACK_ROWS);
  if (byColumns && !engine.usesBlas) {
    engine.setU32(at.TURNED, engine.scratch("turned", n * k * 4));
    engine.phase(at.TURN_ROWS, Math.ceil(k / STRIPE));
  }
  engine.phase(at.PRODUCT_TILE, tiles.count);
  if (symmetric) engine.phase(at.MIRROR, Math.ceil(n / STRIPE));
}
