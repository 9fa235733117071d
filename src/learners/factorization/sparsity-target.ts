/** The L1 penalty under which codes have a wanted number of active concepts per row. */
import { Random } from "../../base/random.ts";
import type { LeastSquaresSolver } from "../coding/least-squares.ts";

/** Concepts with |z| of at least this count as active, as everywhere (docs/metrics). */
const active = 1e-6;
/** Rows that decide; the first `fewRows` of them, one block, find out where to look. */
const mostRows = 1024;
const fewRows = 256;
/** Penalties tried with either, at most. */
const guesses = 30;
const closeEnough = 0.005;

/** Active concepts per row of dense codes (rows x c). */
export function activePerRow(codes: Float32Array, rows: number): number {
  let count = 0;
  for (const z of codes) if (Math.abs(z) >= active) count++;
  return count / rows;
}

interface Penalty {
  readonly l1: number;
  readonly activePerSample: number;
}

/**
 * By descent from a penalty that leaves nothing and false position, since fewer concepts are active
 * under a larger penalty; within 0.5 % of `target` where codes can reach it, else as close as the
 * search came. A few rows are searched first, each penalty from the codes of the one before, and all
 * rows only around what was found. `targets` are rows x width; the solver has its atoms.
 */
export async function penaltyFor(
  target: number,
  solver: LeastSquaresSolver,
  targets: Float32Array,
  rows: number,
  blockRows: number,
): Promise<Penalty> {
  const width = targets.length / rows;
  const few = Math.min(rows, fewRows, blockRows);
  const sample = targets.subarray(0, few * width);
  let begun = false;
  const measureFew = async (l1: number): Promise<number> => {
    const codes = begun ? await solver.continueWith(l1) : await solver.solve(sample, few, l1);
    begun = true;
    return activePerRow(codes, few);
  };
  // No unit atom's correlation exceeds a row's norm.
  const highest = Math.log(meanNorm(targets, rows) || 1);
  const first = await search(target, measureFew, highest, 0.5);
  if (few === rows || first.activePerSample < target * (1 - closeEnough)) return first;
  const measureAll = async (l1: number): Promise<number> => {
    let sum = 0;
    for (let from = 0; from < rows; from += blockRows) {
      const count = Math.min(blockRows, rows - from);
      const part = targets.subarray(from * width, (from + count) * width);
      sum += activePerRow(await solver.solve(part, count, l1), count) * count;
    }
    return sum / rows;
  };
  return search(target, measureAll, Math.log(first.l1), 0.1);
}

/** From log l1 = `from` by steps until the target lies between two penalties, then between those. */
async function search(
  target: number,
  measure: (l1: number) => Promise<number>,
  from: number,
  step: number,
): Promise<Penalty> {
  let best: Penalty = { l1: Math.exp(from), activePerSample: Infinity };
  let sparser: Point | null = null;
  let denser: Point | null = null;
  let log = from;
  for (let guess = 0; guess < guesses; guess++) {
    const count = await measure(Math.exp(log));
    const away = Math.abs(count - target);
    if (away < Math.abs(best.activePerSample - target)) best = { l1: Math.exp(log), activePerSample: count };
    if (away <= closeEnough * target) break;
    if (count < target) sparser = { log, count };
    else denser = { log, count };
    if (denser === null) log -= step;
    else if (sparser === null) log += step;
    else log = between(sparser, denser, target);
  }
  return best;
}

interface Point {
  /** log l1 */
  readonly log: number;
  /** Active concepts per sample. */
  readonly count: number;
}

/** Where a power law through both would meet the target, but not close to either. */
function between(sparser: Point, denser: Point, target: number): number {
  const { log, count } = sparser;
  const share = count > 0 ? Math.log(target / count) / Math.log(denser.count / count) : 0.5;
  return log + Math.max(0.1, Math.min(0.9, share)) * (denser.log - log);
}

function meanNorm(targets: Float32Array, rows: number): number {
  const width = targets.length / rows;
  let norms = 0;
  for (let i = 0; i < rows; i++) {
    let square = 0;
    for (let t = i * width; t < (i + 1) * width; t++) square += targets[t] * targets[t];
    norms += Math.sqrt(square);
  }
  return norms / rows;
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
