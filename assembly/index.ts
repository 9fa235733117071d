/** The work queue: whoever is free claims the next task of the current phase. */
import * as at from "../src/kernels/cpu/layout";
import { encodeTile, writeRows } from "./encode";
import { rescaleRange } from "./rescale";
import { solveRows, sweepRows } from "./least-squares";
import { mirror, multiplyTile, packColumns, turnRows } from "./multiply";
import { packRows } from "./product";
import { pursueRows } from "./pursuit";
import { reconstructRows } from "./reconstruct";
import { unrollRows } from "./unroll";
import { applyGradient, normOfRange, updateRange } from "./update";

export { cutBatch, startRows } from "./encode";
export { multiplyAdds } from "./simd";

/** How often a waiting thread looks before it sleeps: some tens of microseconds. */
const PATIENCE: u32 = 30000;

function run(kernel: u32, task: u32, worker: u32): void {
  switch (kernel) {
    case at.PACK_ROWS:
      packRows(task);
      break;
    case at.PRODUCT_TILE:
      multiplyTile(task, worker);
      break;
    case at.ENCODE_TILE:
      encodeTile(task, worker);
      break;
    case at.WRITE_ROWS:
      writeRows(task, worker);
      break;
    case at.RECONSTRUCT:
      reconstructRows(task, worker);
      break;
    case at.UPDATE:
      updateRange(task, worker);
      break;
    case at.GRADIENT_NORM:
      normOfRange(task, worker);
      break;
    case at.APPLY_GRADIENT:
      applyGradient(task, worker);
      break;
    case at.SWEEP_CODES:
      sweepRows(task, worker);
      break;
    case at.SOLVE_CODES:
      solveRows(task, worker);
      break;
    case at.PURSUE:
      pursueRows(task, worker);
      break;
    case at.UNROLL:
      unrollRows(task, worker);
      break;
    case at.PACK_COLUMNS:
      packColumns(task);
      break;
    case at.TURN_ROWS:
      turnRows(task);
      break;
    case at.MIRROR:
      mirror(task);
      break;
    case at.RESCALE:
      rescaleRange(task);
      break;
    default:
      unreachable();
  }
}

/** Works until no task is left; gives the number of the phase that is then exhausted. */
function work(worker: u32): u32 {
  let ticket = atomic.load<u64>(at.TICKET);
  while (<u32>ticket) {
    // A claim names the phase it belongs to, so a late worker never takes a task of another.
    if (atomic.cmpxchg<u64>(at.TICKET, ticket, ticket - 1) == ticket) {
      const tasks = load<u32>(at.TASKS);
      run(load<u32>(at.KERNEL), tasks - <u32>ticket, worker);
      if (atomic.add<u32>(at.DONE, 1) + 1 == tasks) atomic.notify(at.DONE, 1);
    }
    ticket = atomic.load<u64>(at.TICKET);
  }
  return <u32>(ticket >> 32);
}

/** A worker's life: until QUIT is set. */
export function serve(worker: u32): void {
  for (;;) {
    const seen = work(worker);
    // QUIT is set before its phase is published, so whoever has seen that phase finds it here.
    if (atomic.load<u32>(at.QUIT)) return;
    let turns: u32 = 0;
    while (atomic.load<u32>(at.PHASE) == seen && turns < PATIENCE) turns++;
    if (turns == PATIENCE) {
      atomic.add<u32>(at.SLEEPERS, 1);
      atomic.wait<i32>(at.PHASE, <i32>seen, -1);
      atomic.sub<u32>(at.SLEEPERS, 1);
    }
  }
}

/** Wakes the workers up to look at PHASE or QUIT. */
function wake(): void {
  if (atomic.load<u32>(at.SLEEPERS) > 0) atomic.notify(at.PHASE, -1);
}

/**
 * Runs `tasks` tasks of one kernel and returns when all are done; the caller works as worker 0.
 * A thread that may not sleep (a page's own) spins instead.
 */
export function phase(kernel: u32, tasks: u32, maySleep: bool): void {
  if (tasks == 0) return;
  store<u32>(at.CURSOR, 0);
  if (tasks == 1) {
    run(kernel, 0, 0);
    return;
  }
  store<u32>(at.KERNEL, kernel);
  store<u32>(at.TASKS, tasks);
  atomic.store<u32>(at.DONE, 0);
  const number = (atomic.load<u64>(at.TICKET) >> 32) + 1;
  atomic.store<u64>(at.TICKET, (number << 32) | <u64>tasks);
  wake();
  work(0);
  let turns: u32 = 0;
  for (;;) {
    const done = atomic.load<u32>(at.DONE);
    if (done == tasks) return;
    if (++turns > PATIENCE && maySleep) atomic.wait<i32>(at.DONE, <i32>done, -1);
  }
}

/** Lets every worker return from `serve`. */
export function quit(): void {
  atomic.store<u32>(at.QUIT, 1);
  const number = (atomic.load<u64>(at.TICKET) >> 32) + 1;
  atomic.store<u64>(at.TICKET, number << 32);
  atomic.notify(at.PHASE, -1);
}
