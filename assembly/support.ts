/**
 * The codes of an orthogonal pursuit's picks: min ½·zᵀGz − zᵀp over z ≥ 0 by the active-set method
 * of Lawson & Hanson (1974), warm from the last pick, in float64. A support of room k is
 *   16 bytes: number of free picks, rows of their factor that hold;
 *   f64: p, z, solution, k each; Gram matrix and Cholesky factor of the free ones, k x k each;
 *   u32: free picks in their order, state of each pick, k each.
 * src/kernels/cpu/pursuit.ts knows its size.
 */

/** The same as in src/kernels/reference/non-negative-least-squares.ts. */
const INDEPENDENT: f64 = 1e-6;
const ENOUGH: f64 = 1e-7;

const AT_ZERO: u32 = 0;
const FREE: u32 = 1;
/** At zero for good in this solution: it depends on free ones or left at once. */
const SETTLED: u32 = 2;

let room: usize = 0;
let p: usize = 0;
let z: usize = 0;
let solution: usize = 0;
let gram: usize = 0;
let lower: usize = 0;
let order: usize = 0;
let states: usize = 0;

/** Points the variables above at one support. */
export function openSupport(support: usize, k: u32): void {
  room = k;
  p = support + 16;
  z = p + room * 8;
  solution = z + room * 8;
  gram = solution + room * 8;
  lower = gram + room * room * 8;
  order = lower + room * room * 8;
  states = order + room * 4;
}

export function emptySupport(support: usize): void {
  store<u64>(support, 0);
}

/** Pick number i, whose atom has correlation `along` with the row. */
export function addPick(i: usize, along: f64): void {
  store<f64>(p + i * 8, along);
  store<f64>(z + i * 8, 0);
  store<u32>(states + i * 4, AT_ZERO);
}

export function setGram(i: usize, j: usize, cosine: f64): void {
  store<f64>(gram + (i * room + j) * 8, cosine);
  store<f64>(gram + (j * room + i) * 8, cosine);
}

@inline
export function codeOf(i: usize): f64 {
  return load<f64>(z + i * 8);
}

/** Solves for the first n picks. */
export function solveSupport(support: usize, n: usize): void {
  for (let i: usize = 0; i < n; i++) {
    if (load<u32>(states + i * 4) == SETTLED) store<u32>(states + i * 4, AT_ZERO);
  }
  for (let turn: usize = 0; turn < 3 * n; turn++) {
    const entering = steepest(n);
    if (entering < 0) return;
    const free = load<u32>(support);
    store<u32>(order + <usize>free * 4, entering);
    store<u32>(support, free + 1);
    store<u32>(states + <usize>entering * 4, FREE);
    settle(support, entering);
  }
}

/** The pick at zero whose code would lower the error most, or −1. */
function steepest(n: usize): i32 {
  let found: i32 = -1;
  let most = ENOUGH * load<f64>(p);
  for (let i: usize = 0; i < n; i++) {
    if (load<u32>(states + i * 4) != AT_ZERO) continue;
    let slope = load<f64>(p + i * 8);
    for (let j: usize = 0; j < n; j++) slope -= load<f64>(gram + (i * room + j) * 8) * load<f64>(z + j * 8);
    if (slope > most) {
      found = <i32>i;
      most = slope;
    }
  }
  return found;
}

/** Moves to the free picks' solution; those that would become negative on the way stay at zero. */
function settle(support: usize, entering: u32): void {
  for (;;) {
    if (!solveFree(support)) {
      const place = states + <usize>entering * 4;
      if (load<u32>(place) == SETTLED) return;
      release(support, entering, SETTLED);
      continue;
    }
    const free: usize = load<u32>(support);
    let share: f64 = 1;
    for (let f: usize = 0; f < free; f++) share = min(share, shareOf(f));
    let whole = true;
    for (let f: usize = 0; f < free; f++) {
      const i: usize = load<u32>(order + f * 4);
      const value = load<f64>(z + i * 8);
      const target = load<f64>(solution + f * 8);
      // The share is kept in place of what it was found from.
      if (!(target > 0)) {
        whole = false;
        store<f64>(solution + f * 8, shareOf(f) == share ? -Infinity : -1);
      }
      store<f64>(z + i * 8, value + share * (target - value));
    }
    if (whole) return;
    for (let f = free; f-- > 0;) {
      if (load<f64>(solution + f * 8) != -Infinity) continue;
      const i = load<u32>(order + f * 4);
      // It could only come back to leave again.
      release(support, i, i == entering ? SETTLED : AT_ZERO);
    }
  }
}

/** How far free pick f can move towards its solution before it is negative. */
@inline
function shareOf(f: usize): f64 {
  const target = load<f64>(solution + f * 8);
  if (target > 0) return 1;
  const value = load<f64>(z + <usize>load<u32>(order + f * 4) * 8);
  return value / (value - target);
}

function release(support: usize, pick: u32, state: u32): void {
  const free: usize = load<u32>(support);
  let f: usize = 0;
  while (load<u32>(order + f * 4) != pick) f++;
  for (let t = f; t + 1 < free; t++) store<u32>(order + t * 4, load<u32>(order + t * 4, 4));
  store<u32>(support, <u32>(free - 1));
  store<u32>(support, min(load<u32>(support, 4), <u32>f), 4);
  store<f64>(z + <usize>pick * 8, 0);
  store<u32>(states + <usize>pick * 4, state);
}

/** The solution for the free picks by Cholesky; false where they depend on each other. */
function solveFree(support: usize): bool {
  const free: usize = load<u32>(support);
  for (let a: usize = load<u32>(support, 4); a < free; a++) {
    const row = lower + a * room * 8;
    const cosines = gram + <usize>load<u32>(order + a * 4) * room * 8;
    for (let b: usize = 0; b <= a; b++) {
      const other = lower + b * room * 8;
      let sum = load<f64>(cosines + <usize>load<u32>(order + b * 4) * 8);
      for (let t: usize = 0; t < b; t++) sum -= load<f64>(row + t * 8) * load<f64>(other + t * 8);
      if (a != b) store<f64>(row + b * 8, sum / load<f64>(other + b * 8));
      else if (sum > INDEPENDENT) store<f64>(row + a * 8, sqrt(sum));
      else return false;
    }
    store<u32>(support, <u32>(a + 1), 4);
  }
  for (let a: usize = 0; a < free; a++) {
    const row = lower + a * room * 8;
    let sum = load<f64>(p + <usize>load<u32>(order + a * 4) * 8);
    for (let t: usize = 0; t < a; t++) sum -= load<f64>(row + t * 8) * load<f64>(solution + t * 8);
    store<f64>(solution + a * 8, sum / load<f64>(row + a * 8));
  }
  for (let a = free; a-- > 0;) {
    let sum = load<f64>(solution + a * 8);
    for (let t = a + 1; t < free; t++) {
      sum -= load<f64>(lower + (t * room + a) * 8) * load<f64>(solution + t * 8);
    }
    store<f64>(solution + a * 8, sum / load<f64>(lower + (a * room + a) * 8));
  }
  return true;
}
