/**
 * Coordinate descent on the CPU: every row is one thread's. A given number of passes visits all
 * concepts in turn; to a tolerance, the row works on a growing set of concepts whose part of the
 * Gram matrix fits a cache, and looks at all of them only to find who else belongs into it; passes
 * over that set alternate with conjugate gradients on its active concepts.
 */
import type { LeastSquared, LeastSquares } from "../backend.ts";
import { addressOf } from "./cpu-tensors.ts";
import type { Engine } from "./engine.ts";
import * as at from "./layout.ts";

const ROWS_PER_TASK = 8;
/** Concepts of a working set; a row that needs more visits all concepts in turn. */
const MOST_WORKING = 1024;

export function leastSquares(engine: Engine, operation: LeastSquares): LeastSquared {
  const { rows, concepts, l1, positive, until } = operation;
  const gram = addressOf(engine, operation.gram);
  const correlations = addressOf(engine, operation.correlations);
  const codes = addressOf(engine, operation.codes);
  if (rows === 0) return { violation: 0, unsettled: 0 };
  const diagonal = engine.scratch("diagonal", concepts * 4);
  const violations = engine.scratch("violations", rows * 8);
  engine.setU32(at.CORRELATIONS, correlations);
  engine.setU32(at.GRAM, gram);
  engine.setU32(at.DIAGONAL, diagonal);
  engine.setU32(at.DENSE_CODES, codes);
  engine.setU32(at.VIOLATIONS, violations);
  engine.setU32(at.ROWS, rows);
  engine.setU32(at.CONCEPTS, concepts);
  engine.setU32(at.ROWS_PER_TASK, ROWS_PER_TASK);
  engine.setF32(at.L1, l1);
  engine.setU32(at.POSITIVE, positive ? 1 : 0);
  const padded = Math.ceil(concepts / 4) * 4;
  engine.threadScratch("gradients", padded * 4 + 64, at.LOCAL, at.LOCAL_STRIDE);
  let kernel: number = at.SWEEP_CODES;
  if ("sweeps" in until) engine.setU32(at.SWEEPS, until.sweeps);
  else {
    kernel = at.SOLVE_CODES;
    const most = Math.min(padded, MOST_WORKING);
    engine.setF32(at.TOLERANCE, until.tolerance);
    engine.setU32(at.WORKING_SET, most);
    // Its Gram matrix, then concepts, values, values before, gradients, diagonal, and a direction with its image.
    engine.threadScratch("working set", (most * most + 7 * most) * 4 + 64, at.BUFFER, at.BUFFER_STRIDE);
  }
  const { f32 } = engine.memory;
  for (let j = 0; j < concepts; j++) f32[diagonal / 4 + j] = f32[gram / 4 + j * concepts + j];
  engine.phase(kernel, Math.ceil(rows / ROWS_PER_TASK));
  const found = engine.memory.f64.subarray(violations / 8, violations / 8 + rows);
  let violation = 0;
  let unsettled = 0;
  for (const one of found) {
    if ("sweeps" in until) violation += one;
    else {
      violation = Math.max(violation, one);
      if (one > until.tolerance) unsettled++;
    }
  }
  return { violation, unsettled };
}
