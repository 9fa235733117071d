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
/** With both together. */
export const mostTried: number = 2 * guesses;
const closeEnough = 0.005;
/** Steps in one direction after which they grow, and the smallest penalty worth a try, as a share of the first. */
const patience = 6;
const growth = 1.6;
const least = 1e-6;

/** Active concepts per row of dense codes (rows x c). */
export function activePerRow(codes: Float32Array, rows: number): number {
  let count = 0;
  for (const z of codes) if (Math.abs(z) >= active) count++;
  return count / rows;
}

export interface Penalty {
  readonly l1: number;
  readonly activePerSample: number;
}

/** What the user has to know where codes could not have the wanted L0. */
export function shortfallNote(target: number, { l1, activePerSample }: Penalty): readonly string[] {
  if (Math.abs(activePerSample - target) <= 2 * closeEnough * target) return [];
  const why =
    activePerSample < target
      ? "however small the penalty, rows need no more; lower the target L0 or give more concepts"
      : "a larger penalty leaves too few; take another target L0";
  return [
    `asked for ${target} active concepts per sample, reached ${activePerSample.toFixed(2)} (l1 ${l1.toPrecision(3)}): ${why}`,
  ];
}

/**
 * By descent from a penalty that leaves nothing and false position, since fewer concepts are active
 * under a larger penalty; within 0.5 % of `target` where codes can reach it, else as close as the
 * search came. A few rows are searched first, each penalty from the codes of the one before, and all
 * rows only around what was found. `targets` are rows x width; the solver has its atoms. `observe` is
 * called after every penalty tried, with how many there were; it may throw to stop.
 */
export async function penaltyFor(
  target: number,
  solver: LeastSquaresSolver,
  targets: Float32Array,
  rows: number,
  blockRows: number,
  observe: (tried: number) => void = () => {},
): Promise<Penalty> {
  const width = targets.length / rows;
  const few = Math.min(rows, fewRows, blockRows);
  const sample = targets.subarray(0, few * width);
  let tried = 0;
  const measureFew = async (l1: number): Promise<number> => {
    const codes = tried > 0 ? await solver.continueWith(l1) : await solver.solve(sample, few, l1);
    observe(++tried);
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
      observe(tried);
    }
    observe(++tried);
    return sum / rows;
  };
  return search(target, measureAll, Math.log(first.l1), 0.1);
}

/** From log l1 = `from` by steps until the target lies between two penalties, then between those. */
async function search(
  target: number,
  measure: (l1: number) => Promise<number>,
  from: number,
  firstStep: number,
): Promise<Penalty> {
  let best: Penalty = { l1: Math.exp(from), activePerSample: Infinity };
  let sparser: Point | null = null;
  let denser: Point | null = null;
  let log = from;
  let step = firstStep;
  for (let guess = 0; guess < guesses; guess++) {
    const count = await measure(Math.exp(log));
    const away = Math.abs(count - target);
    if (away < Math.abs(best.activePerSample - target)) best = { l1: Math.exp(log), activePerSample: count };
    if (away <= closeEnough * target) break;
    if (count < target) sparser = { log, count };
    else denser = { log, count };
    if (sparser !== null && denser !== null) {
      log = between(sparser, denser, target);
      continue;
    }
    if (guess >= patience) step *= growth;
    log += denser === null ? -step : step;
    if (log < from + Math.log(least)) break;
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

/** Which of so many rows decide: up to 1024, drawn by the seed. */
export function searchPositions(rows: number, seed: number): Uint32Array {
  return Random.of(seed, "penalty").permutation(rows).subarray(0, mostRows);
}
