/** Multiplicative updates in chunks over all threads. */
import type { Rescale } from "../backend.ts";
import { addressOf } from "./cpu-tensors.ts";
import type { Engine } from "./engine.ts";
import * as at from "./layout.ts";

/** Numbers of one task. */
const CHUNK = 1 << 15;

export function rescale(engine: Engine, { values, along, above, below, length, root }: Rescale): void {
  engine.setU32(at.VALUES, addressOf(engine, values));
  engine.setU32(at.ALONG, addressOf(engine, along));
  engine.setU32(at.HIGH, addressOf(engine, above));
  engine.setU32(at.LOW, below ? addressOf(engine, below) : 0);
  engine.setU32(at.LENGTH, length);
  engine.setU32(at.ROOT, root ? 1 : 0);
  engine.setU32(at.CHUNK, CHUNK);
  engine.phase(at.RESCALE, Math.ceil(length / CHUNK));
}
