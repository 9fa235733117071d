/** The L1 penalty under which codes have a wanted number of active concepts per row. */
import { Random } from "../../base/random.ts";
import type { LeastSquaresSolver } from "../coding/least-squares.ts";

/** Concepts with |z| of at least this count as active, as everywhere (docs/metrics). */
const active = 1e-6;
/** Rows that the search looks at; steps down from a penalty that leaves nothing, and halvings of the last one. */
const mostRows = 1024;
const descents = 24;
const halvings = 12;

/** Active concepts per row of dense codes (rows x c). */
export function activePerRow(codes: Float32Array, rows: number): number {
  let count = 0;
  for (const z of codes) if (Math.abs(z) >= active) count++;
  return count / rows;
}

/**
 * By bisection of log l1, since fewer concepts are active under a larger penalty; within 0.5 % of
 * `target` where codes can reach it, else the end of the range that is closest.
 * `targets` are rows x width; the solver has its atoms.
 */
export async function penaltyFor(
  target: number,
  solver: LeastSquaresSolver,
  targets: Float32Array,
  rows: number,
  blockRows: number,
): Promise<{ readonly l1: number; readonly activePerSample: number }> {
  const width = targets.length / rows;
  let norms = 0;
  for (let i = 0; i < rows; i++) {
    let square = 0;
    for (let t = i * width; t < (i + 1) * width; t++) square += targets[t] * targets[t];
    norms += Math.sqrt(square);
  }
  const measure = async (l1: number): Promise<number> => {
    let sum = 0;
    for (let from = 0; from < rows; from += blockRows) {
      const count = Math.min(blockRows, rows - from);
      const part = targets.subarray(from * width, (from + count) * width);
      sum += activePerRow(await solver.solve(part, count, l1), count) * count;
    }
    return sum / rows;
  };
  // From above, where little is active and codes are cheap: no unit atom's correlation exceeds a row's norm.
  let high = Math.log(norms / rows || 1);
  let low = high;
  let found = { l1: Math.exp(high), activePerSample: 0 };
  for (let turn = 0; turn < descents && found.activePerSample < target; turn++) {
    high = low;
    low -= 0.5;
    found = { l1: Math.exp(low), activePerSample: await measure(Math.exp(low)) };
  }
  for (let turn = 0; turn < halvings; turn++) {
    if (Math.abs(found.activePerSample - target) <= 0.005 * target) break;
    const l1 = Math.exp((low + high) / 2);
    found = { l1, activePerSample: await measure(l1) };
    if (found.activePerSample > target) low = Math.log(l1);
    else high = Math.log(l1);
  }
  return found;
}

/** Up to 1024 of the rows, drawn by the seed. */
export function searchRows(
  x: Float32Array,
  rows: number,
  width: number,
  seed: number,
): { readonly values: Float32Array<ArrayBuffer>; readonly rows: number } {
  const chosen = Random.of(seed, "penalty").permutation(rows).subarray(0, mostRows);
  const values = new Float32Array(chosen.length * width);
  chosen.forEach((row, i) => values.set(x.subarray(row * width, (row + 1) * width), i * width));
  return { values, rows: chosen.length };
}
