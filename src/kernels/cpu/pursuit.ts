/**
 * Pursuit on the CPU: one product gives the correlations of a block of rows, then every row is one
 * thread's. The Gram matrix is used where it was given or pays for itself; else the correlations of
 * what the rows' codes add up to are computed anew after every step, with the same result up to
 * rounding.
 */
import type { Encode, Encoded, Pursuit, Unroll } from "../backend.ts";
import { addressOf, codesOf, type CpuCodes } from "./cpu-tensors.ts";
import type { Engine } from "./engine.ts";
import * as at from "./layout.ts";
import { multiplyAt } from "./multiply.ts";

/** Rows whose correlations exist at once. */
const BLOCK_ROWS = 1024;
const ROWS_PER_TASK = 8;
/** c x c float32 take 256 MiB. */
const MOST_GRAM_CONCEPTS = 8192;

interface Merged {
  readonly rowStart: number[];
  readonly concept: Uint32Array[];
  readonly value: Float32Array[];
}

const nothing = (): Merged => ({ rowStart: [0], concept: [], value: [] });

/** `bias` and `mask` are padded scratch; `mask` is 0 without an auxiliary selection. */
export function pursue(
  engine: Engine,
  operation: Encode,
  pursuit: Pursuit,
  scratch: { readonly bias: number; readonly mask: number },
): Encoded {
  const { rows, dimension, concepts, auxiliary } = operation;
  const { k, picks } = pursuit;
  const encoder = addressOf(engine, operation.encoder);
  const x = addressOf(engine, operation.x);
  const codes = codesOf(engine, operation.codes);
  const others = auxiliary ? codesOf(engine, auxiliary.codes) : undefined;
  const room = k + (scratch.mask === 0 ? 0 : (auxiliary?.k ?? 0));
  const gram = gramOf(engine, operation, pursuit, room);
  const most = Math.min(rows, BLOCK_ROWS);
  const places = most * Math.max(1, room) * 4;
  const held = {
    correlations: engine.scratch("correlations", most * concepts * 4),
    explained: gram ? 0 : engine.scratch("explained", most * concepts * 4),
    reconstruction: gram ? 0 : engine.scratch("reconstruction", most * dimension * 4),
    concept: engine.scratch("pick concept", places),
    value: engine.scratch("pick value", places),
    mergedConcept: engine.scratch("merged concept", places + 16),
    mergedValue: engine.scratch("merged value", places + 16),
    mergedCount: engine.scratch("merged count", most * 8),
    count: engine.scratch("pick count", most * 8),
  };
  const supportBytes = Math.ceil((16 + 8 * (3 * k + 2 * k * k) + 8 * k) / 64) * 64;
  const supports = pursuit.orthogonal ? (gram ? engine.threads : most) : engine.threads;
  const support = engine.scratch("support", supports * supportBytes);
  const [own, extra] = [nothing(), nothing()];
  const pickConcept = picks && addressOf(engine, picks.concept);
  const pickValue = picks && addressOf(engine, picks.value);
  for (let from = 0; from < rows; from += most) {
    const count = Math.min(most, rows - from);
    multiplyAt(engine, {
      a: x + from * dimension * 4,
      b: encoder,
      out: held.correlations,
      m: count,
      n: concepts,
      k: dimension,
    });
    const setArguments = (): void => {
      engine.threadScratch("keys", (concepts + 16) * 4, at.KEYS, at.KEYS_STRIDE);
      engine.threadScratch("local", dimension * 4 + 64, at.LOCAL, at.LOCAL_STRIDE);
      engine.setU32(at.ROWS, count);
      engine.setU32(at.DIMENSION, dimension);
      engine.setU32(at.CONCEPTS, concepts);
      engine.setU32(at.ENCODER, encoder);
      engine.setU32(at.BIAS, scratch.bias);
      engine.setU32(at.AUXILIARY_MASK, scratch.mask);
      engine.setU32(at.K, k);
      engine.setU32(at.ROOM, room);
      engine.setU32(at.ORTHOGONAL, pursuit.orthogonal ? 1 : 0);
      engine.setU32(at.GRAM, gram);
      engine.setU32(at.CORRELATIONS, held.correlations);
      engine.setU32(at.EXPLAINED, held.explained);
      engine.setU32(at.RECONSTRUCTION, held.reconstruction);
      engine.setU32(at.PICK_CONCEPT, held.concept);
      engine.setU32(at.PICK_VALUE, held.value);
      engine.setU32(at.PICK_COUNT, held.count);
      engine.setU32(at.MERGED_CONCEPT, held.mergedConcept);
      engine.setU32(at.MERGED_VALUE, held.mergedValue);
      engine.setU32(at.MERGED_COUNT, held.mergedCount);
      engine.setU32(at.SUPPORT, support);
      engine.setU32(at.SUPPORT_STRIDE, supportBytes);
      engine.setU32(at.ROWS_PER_TASK, ROWS_PER_TASK);
    };
    const take = (first: number, end: number): void => {
      setArguments();
      engine.setU32(at.FIRST_STEP, first);
      engine.setU32(at.END_STEP, end);
      engine.phase(at.PURSUE, Math.ceil(count / ROWS_PER_TASK));
    };
    if (gram) take(0, room);
    else {
      take(0, Math.min(1, room));
      for (let step = 1; step < room; step++) {
        multiplyAt(engine, {
          a: held.reconstruction,
          b: encoder,
          out: held.explained,
          m: count,
          n: concepts,
          k: dimension,
        });
        take(step, step + 1);
      }
    }
    const { u32, f32 } = engine.memory;
    for (let i = 0; i < count; i++) {
      for (const [part, merged] of [own, extra].entries()) {
        const entries = u32[held.mergedCount / 4 + 2 * i + part];
        const start = i * room + part * k;
        const [c, v] = [held.mergedConcept / 4 + start, held.mergedValue / 4 + start];
        merged.concept.push(u32.slice(c, c + entries));
        merged.value.push(f32.slice(v, v + entries));
        merged.rowStart.push(merged.rowStart[merged.rowStart.length - 1] + entries);
      }
      if (pickConcept === undefined || pickValue === undefined) continue;
      const taken = u32[held.count / 4 + 2 * i];
      for (let s = 0; s < k; s++) {
        const [to, source] = [(from + i) * k + s, i * room + s];
        u32[pickConcept / 4 + to] = s < taken ? u32[held.concept / 4 + source] : 0;
        f32[pickValue / 4 + to] = s < taken ? f32[held.value / 4 + source] : 0;
      }
    }
  }
  const smallest = fill(engine, codes, own);
  if (others) fill(engine, others, extra);
  return {
    count: own.rowStart[rows],
    smallest,
    auxiliaryCount: others ? extra.rowStart[rows] : 0,
  };
}

/** The Gram matrix's address; 0 where recomputing correlations is cheaper or it would be too large. */
function gramOf(engine: Engine, operation: Encode, { gram }: Pursuit, steps: number): number {
  if (gram) return addressOf(engine, gram);
  const { rows, dimension, concepts, encoder } = operation;
  if (concepts > MOST_GRAM_CONCEPTS || rows * (steps - 1) < concepts) return 0;
  const out = engine.scratch("gram", concepts * concepts * 4);
  const atoms = addressOf(engine, encoder);
  multiplyAt(engine, { a: atoms, b: atoms, out, m: concepts, n: concepts, k: dimension });
  return out;
}

/** Writes codes by row; gives the smallest, or 0. */
function fill(engine: Engine, codes: CpuCodes, merged: Merged): number {
  const rows = merged.rowStart.length - 1;
  codes.reserve(merged.rowStart[rows]);
  codes.filledRows = rows;
  const { f32, u32 } = engine.memory;
  u32.set(merged.rowStart, codes.rowStart / 4);
  let smallest = Infinity;
  for (let i = 0; i < rows; i++) {
    u32.set(merged.concept[i], codes.concept / 4 + merged.rowStart[i]);
    f32.set(merged.value[i], codes.value / 4 + merged.rowStart[i]);
    for (const value of merged.value[i]) smallest = Math.min(smallest, value);
  }
  return smallest === Infinity ? 0 : smallest;
}

export function unroll(engine: Engine, codes: CpuCodes, operation: Unroll): void {
  const { rows, dimension, k, picks } = operation;
  engine.setU32(at.ROWS, rows);
  engine.setU32(at.DIMENSION, dimension);
  engine.setU32(at.K, k);
  engine.setU32(at.ATOMS, addressOf(engine, operation.atoms));
  engine.setU32(at.RESIDUAL, addressOf(engine, operation.residual));
  engine.setU32(at.ENTRY_GRADIENTS, addressOf(engine, operation.entryGradients));
  engine.setU32(at.PICK_CONCEPT, addressOf(engine, picks.concept));
  engine.setU32(at.PICK_VALUE, addressOf(engine, picks.value));
  engine.setU32(at.ROW_START, codes.rowStart);
  engine.setU32(at.CODE_CONCEPT, codes.concept);
  engine.setU32(at.ROWS_PER_TASK, ROWS_PER_TASK);
  engine.threadScratch("local", Math.ceil(dimension / 16) * 192 + 64, at.LOCAL, at.LOCAL_STRIDE);
  engine.phase(at.UNROLL, Math.ceil(rows / ROWS_PER_TASK));
}
