/**
 * Encoding on the CPU: every tile's selection runs right behind its product and leaves entries in
 * a pool; codes by row are written from there. The b x c pre-activations never exist as a whole.
 */
import type { Encode, Encoded, Selection } from "../backend.ts";
import { addressOf, codesOf, type CpuCodes } from "./cpu-tensors.ts";
import type { Engine } from "./engine.ts";
import * as at from "./layout.ts";
import { collectLargest } from "./batch-bound.ts";
import { pursue } from "./pursuit.ts";
import { cutIntoTiles, prepareTiles, runTiles } from "./tiles.ts";

const ROWS_PER_TASK = 32;
const EVERY = 0xffffffff;
const NONE = 0xffffffff;

export function encode(engine: Engine, operation: Encode): Encoded {
  const { rows, dimension, concepts, selection, auxiliary } = operation;
  const x = addressOf(engine, operation.x);
  const encoder = addressOf(engine, operation.encoder);
  const codes = codesOf(engine, operation.codes);
  const others = auxiliary ? codesOf(engine, auxiliary.codes) : undefined;
  codes.signed = selection.kind === "topk" && selection.signed === true;
  if (rows === 0) {
    for (const empty of [codes, others]) {
      if (!empty) continue;
      engine.memory.u32[empty.rowStart / 4] = 0;
      empty.filledRows = 0;
    }
    return { count: 0, smallest: 0, auxiliaryCount: 0 };
  }

  const biasOf = (): number =>
    paddedCopy(engine, "bias", operation.encoderBias && addressOf(engine, operation.encoderBias), concepts);
  if (selection.kind === "pursuit") {
    const bias = biasOf();
    const mask = auxiliary
      ? maskOf(engine, addressOf(engine, auxiliary.listed), auxiliary.count, concepts)
      : 0;
    return pursue(engine, operation, selection, { bias, mask });
  }
  const tiles = cutIntoTiles(rows, concepts);
  const padded = Math.ceil(concepts / 16) * 16;
  engine.setU32(at.CONCEPTS, concepts);
  engine.setU32(at.ENCODER, encoder);
  engine.setU32(at.BIAS, biasOf());
  setSelection(engine, selection, rows, concepts);
  engine.setU32(at.SEGMENTS, engine.scratch("segments", rows * tiles.columnBlocks * 8));
  const entries = Math.max((tiles.rows + 1) * tiles.columns, padded) + 64;
  engine.threadScratch("entries", entries * 8 + 64, at.BUFFER, at.BUFFER_STRIDE);
  engine.threadScratch("keys", (padded + 64) * 4, at.KEYS, at.KEYS_STRIDE);
  const wanted = auxiliary !== undefined && auxiliary.k > 0;
  if (wanted) {
    engine.setU32(
      at.AUXILIARY_MASK,
      maskOf(engine, addressOf(engine, auxiliary.listed), auxiliary.count, concepts),
    );
    engine.setU32(at.AUXILIARY_K, auxiliary.k);
    engine.setU32(at.AUXILIARY_BOUNDS, rowBounds(engine, "auxiliary bounds", rows, 0));
    engine.setU32(at.AUXILIARY_SEGMENTS, engine.scratch("auxiliary segments", rows * tiles.columnBlocks * 8));
  } else engine.setU32(at.AUXILIARY_MASK, 0);
  prepareTiles(engine, x, rows, dimension, tiles);

  engine.setU32(at.ROW_START, codes.rowStart);
  let smallest: number;
  if (selection.kind === "batch-topk") {
    const entriesAbove = collectLargest(engine, codes, selection.total, rows, tiles);
    engine.setU32(at.TIES, engine.scratch("ties", rows * 4));
    engine.kernels.cutBatch(selection.total, engine.scratch("all keys", entriesAbove * 4));
    smallest = writeCodes(engine, codes, rows, at.ABOVE_BOUND);
    codes.bound = smallest * (1 - codes.margin);
    if (entriesAbove < selection.total) codes.bound = 0;
  } else {
    runTiles(engine, tiles);
    engine.kernels.startRows(selection.kind === "topk" ? selection.k : EVERY);
    smallest = writeCodes(engine, codes, rows, at.TOP_OF_ROW);
  }
  const count = engine.memory.u32[codes.rowStart / 4 + rows];
  if (!auxiliary || !others) return { count, smallest, auxiliaryCount: 0 };

  if (!wanted) {
    engine.memory.u32.fill(0, others.rowStart / 4, others.rowStart / 4 + rows + 1);
    others.filledRows = rows;
    return { count, smallest, auxiliaryCount: 0 };
  }
  engine.setU32(at.ROW_START, others.rowStart);
  engine.setU32(at.SEGMENTS, engine.getU32(at.AUXILIARY_SEGMENTS));
  engine.kernels.startRows(auxiliary.k);
  writeCodes(engine, others, rows, at.TOP_OF_ROW);
  return { count, smallest, auxiliaryCount: engine.memory.u32[others.rowStart / 4 + rows] };
}

function setSelection(engine: Engine, selection: Selection, rows: number, concepts: number): void {
  engine.setU32(at.SKIP, NONE);
  switch (selection.kind) {
    case "batch-topk":
      engine.setU32(at.MODE, at.ABOVE_BOUND);
      break;
    case "topk":
      engine.setU32(at.MODE, selection.k === 0 ? at.ABOVE_BOUND : at.TOP_OF_ROW);
      engine.setU32(at.K, selection.k);
      engine.setF32(at.BOUND, Infinity);
      engine.setU32(at.ROW_BOUNDS, rowBounds(engine, "row bounds", rows, selection.signed ? -Infinity : 0));
      if (selection.skipSelf) engine.setU32(at.SKIP, selection.skipSelf.firstRow);
      break;
    case "threshold": {
      const thresholds = addressOf(engine, selection.thresholds);
      engine.setU32(at.MODE, at.ABOVE_THRESHOLDS);
      engine.setU32(at.THRESHOLDS, paddedCopy(engine, "thresholds", thresholds, concepts));
      engine.setF32(at.HALF_WINDOW, (selection.window ?? 0) / 2);
      break;
    }
    default:
      engine.setU32(at.MODE, at.ABOVE_BOUND);
      engine.setF32(at.BOUND, 0);
  }
}

/** Writes the codes of all rows; gives the smallest value that is no explicit 0, or 0. */
function writeCodes(engine: Engine, codes: CpuCodes, rows: number, mode: number): number {
  const count = engine.memory.u32[codes.rowStart / 4 + rows];
  codes.reserve(count);
  codes.filledRows = rows;
  const tasks = Math.ceil(rows / ROWS_PER_TASK);
  const smallest = engine.scratch("smallest", tasks * 4);
  engine.setU32(at.MODE, mode);
  engine.setU32(at.CODE_CONCEPT, codes.concept);
  engine.setU32(at.CODE_VALUE, codes.value);
  engine.setU32(at.ROWS_PER_TASK, ROWS_PER_TASK);
  engine.setU32(at.SMALLEST, smallest);
  engine.phase(at.WRITE_ROWS, tasks);
  let least = Infinity;
  for (let t = 0; t < tasks; t++) least = Math.min(least, engine.memory.f32[smallest / 4 + t]);
  return least === Infinity ? 0 : least;
}

/** `concepts` numbers padded with zeros to whole tiles; all zeros without a source. */
function paddedCopy(engine: Engine, name: string, source: number | undefined, concepts: number): number {
  const padded = Math.ceil(concepts / 16) * 16;
  const copy = engine.scratch(name, padded * 4) / 4;
  const f32 = engine.memory.f32;
  if (source === undefined) f32.fill(0, copy, copy + padded);
  else {
    f32.copyWithin(copy, source / 4, source / 4 + concepts);
    f32.fill(0, copy + concepts, copy + padded);
  }
  return copy * 4;
}

function rowBounds(engine: Engine, name: string, rows: number, start: number): number {
  const bounds = engine.scratch(name, rows * 4);
  engine.memory.f32.fill(start, bounds / 4, bounds / 4 + rows);
  return bounds;
}

/** All ones for the concepts in the list. */
function maskOf(engine: Engine, listed: number, count: number, concepts: number): number {
  const padded = Math.ceil(concepts / 16) * 16;
  const mask = engine.scratch("auxiliary mask", padded * 4) / 4;
  const u32 = engine.memory.u32;
  u32.fill(0, mask, mask + padded);
  for (let i = listed / 4; i < listed / 4 + count; i++) {
    if (u32[i] < concepts) u32[mask + u32[i]] = 0xffffffff;
  }
  return mask * 4;
}
