/** Coordinate descent on ½ zᵀGz − qᵀz + l1·Σ|z| for rows that share G; g = q − Gz is kept up to date. */
import * as at from "../src/kernels/cpu/layout";
import { descendFace } from "./conjugate";
import { add1, add4 } from "./simd";

/** Passes over a working set, rounds of growing it, and passes over all concepts, at most. */
const MOST_PASSES: u32 = 40;
const MOST_ROUNDS: u32 = 100;
const MOST_SWEEPS: u32 = 5000;
/** Passes over a working set between two descents by conjugate gradients. */
const PASSES_BETWEEN: u32 = 2;
/** Rounds in which nobody joined and the violation hardly fell: float32 allows no more. */
const MOST_STALLED: u32 = 10;
/** Concepts that join a working set in one round. */
const MOST_JOINING: u32 = 64;

export function sweepRows(task: u32, worker: u32): void {
  const perTask = load<u32>(at.ROWS_PER_TASK);
  const last: usize = min((task + 1) * perTask, load<u32>(at.ROWS));
  const sweeps = load<u32>(at.SWEEPS);
  const g: usize = load<usize>(at.LOCAL) + <usize>worker * load<usize>(at.LOCAL_STRIDE);
  const c: usize = load<u32>(at.CONCEPTS);
  for (let row: usize = task * perTask; row < last; row++) {
    const z: usize = load<usize>(at.DENSE_CODES) + row * c * 4;
    startGradient(g, z, row);
    let sum: f64 = 0;
    for (let s: u32 = 0; s < sweeps; s++) {
      sweep(g, z);
      sum += swept;
    }
    store<f64>(load<usize>(at.VIOLATIONS) + row * 8, sum);
  }
}

/** g = q − Gz */
function startGradient(g: usize, z: usize, row: usize): void {
  const c: usize = load<u32>(at.CONCEPTS);
  const gram: usize = load<usize>(at.GRAM);
  memory.copy(g, load<usize>(at.CORRELATIONS) + row * c * 4, c * 4);
  let j0: usize = 0,
    j1: usize = 0,
    j2: usize = 0,
    held: u32 = 0;
  for (let j: usize = 0; j < c; j++) {
    if (load<f32>(z + j * 4) == 0) continue;
    if (held == 0) j0 = j;
    else if (held == 1) j1 = j;
    else if (held == 2) j2 = j;
    else {
      add4(
        g,
        c,
        -load<f32>(z + j0 * 4),
        gram + j0 * c * 4,
        -load<f32>(z + j1 * 4),
        gram + j1 * c * 4,
        -load<f32>(z + j2 * 4),
        gram + j2 * c * 4,
        -load<f32>(z + j * 4),
        gram + j * c * 4,
      );
      held = 0;
      continue;
    }
    held++;
  }
  if (held > 0) add1(g, c, -load<f32>(z + j0 * 4), gram + j0 * c * 4);
  if (held > 1) add1(g, c, -load<f32>(z + j1 * 4), gram + j1 * c * 4);
  if (held > 2) add1(g, c, -load<f32>(z + j2 * 4), gram + j2 * c * 4);
}

/** |projected gradient| where z_j = `z` and q_j − (Gz)_j = `g`. */
@inline
function projected(g: f32, z: f32, l1: f32, positive: bool): f32 {
  if (z == 0) return max<f32>(0, (positive ? g : abs(g)) - l1);
  return abs(g - (z > 0 ? l1 : -l1));
}

/** The z_j that is best while the others stay. */
@inline
function best(g: f32, z: f32, diagonal: f32, l1: f32, positive: bool): f32 {
  const u = z * diagonal + g;
  const shrunk = max<f32>(0, (positive ? u : abs(u)) - l1) / diagonal;
  return positive || u > 0 ? shrunk : -shrunk;
}

/** Sum of the projected gradients that the last sweep met. */
let swept: f64 = 0;

/** Shift of g along row j of G when z_j takes its best value; `gradient` is g_j now. */
@inline
function move(z: usize, j: usize, gradient: f32, l1: f32, positive: bool): f32 {
  const value = load<f32>(z + j * 4);
  if (value == 0 && (positive ? gradient : abs(gradient)) <= l1) return 0;
  const diagonal = load<f32>(load<usize>(at.DIAGONAL) + j * 4);
  if (!(diagonal > 0)) return 0;
  const violation = projected(gradient, value, l1, positive);
  swept += violation;
  sweptMost = max(sweptMost, violation);
  const next = best(gradient, value, diagonal, l1, positive);
  store<f32>(z + j * 4, next);
  return value - next;
}

let sweptMost: f32 = 0;

/**
 * One pass over all concepts; gives the largest |projected gradient| that it met. Four concepts at a
 * time move one after the other, and g follows all four at once.
 */
function sweep(g: usize, z: usize): f32 {
  const c: usize = load<u32>(at.CONCEPTS);
  const gram: usize = load<usize>(at.GRAM);
  const l1 = load<f32>(at.L1);
  const positive = load<u32>(at.POSITIVE) != 0;
  const row = c * 4;
  swept = 0;
  sweptMost = 0;
  let j: usize = 0;
  for (; j + 4 <= c; j += 4) {
    const four = v128.load(g + j * 4);
    const pulled = f32x4.gt(positive ? four : f32x4.abs(four), f32x4.splat(l1));
    if (!v128.any_true(v128.or(f32x4.ne(v128.load(z + j * 4), f32x4.splat(0)), pulled))) continue;
    const r0 = gram + j * row,
      r1 = r0 + row,
      r2 = r1 + row,
      r3 = r2 + row;
    const here = r0 + j * 4;
    const s0 = move(z, j, load<f32>(g + j * 4), l1, positive);
    const s1 = move(z, j + 1, load<f32>(g + j * 4, 4) + s0 * load<f32>(here, 4), l1, positive);
    const s2 = move(
      z,
      j + 2,
      load<f32>(g + j * 4, 8) + s0 * load<f32>(here, 8) + s1 * load<f32>(here + row, 8),
      l1,
      positive,
    );
    const s3 = move(
      z,
      j + 3,
      load<f32>(g + j * 4, 12) +
        s0 * load<f32>(here, 12) +
        s1 * load<f32>(here + row, 12) +
        s2 * load<f32>(here + 2 * row, 12),
      l1,
      positive,
    );
    const moved = <u32>(s0 != 0) + <u32>(s1 != 0) + <u32>(s2 != 0) + <u32>(s3 != 0);
    if (moved > 1) add4(g, c, s0, r0, s1, r1, s2, r2, s3, r3);
    else if (s0 != 0) add1(g, c, s0, r0);
    else if (s1 != 0) add1(g, c, s1, r1);
    else if (s2 != 0) add1(g, c, s2, r2);
    else if (s3 != 0) add1(g, c, s3, r3);
  }
  for (; j < c; j++) {
    const shift = move(z, j, load<f32>(g + j * 4), l1, positive);
    if (shift != 0) add1(g, c, shift, gram + j * row);
  }
  return sweptMost;
}

export function solveRows(task: u32, worker: u32): void {
  const perTask = load<u32>(at.ROWS_PER_TASK);
  const last: usize = min((task + 1) * perTask, load<u32>(at.ROWS));
  for (let row: usize = task * perTask; row < last; row++) {
    store<f64>(load<usize>(at.VIOLATIONS) + row * 8, <f64>solveRow(row, worker));
  }
}

/** max_j |v_j| */
function largestMagnitude(v: usize, c: usize): f32 {
  let most: f32 = 0;
  for (let j: usize = 0; j < c; j++) most = max(most, abs(load<f32>(v + j * 4)));
  return most;
}

function solveRow(row: usize, worker: u32): f32 {
  const c: usize = load<u32>(at.CONCEPTS);
  const z: usize = load<usize>(at.DENSE_CODES) + row * c * 4;
  const scale = largestMagnitude(load<usize>(at.CORRELATIONS) + row * c * 4, c);
  if (scale == 0) {
    memory.fill(z, 0, c * 4);
    return 0;
  }
  const g: usize = load<usize>(at.LOCAL) + <usize>worker * load<usize>(at.LOCAL_STRIDE);
  const bound = load<f32>(at.TOLERANCE) * scale;
  startGradient(g, z, row);
  let left = workingSets(g, z, worker, bound);
  if (left < 0) {
    left = <f32>Infinity;
    for (let s: u32 = 0; s < MOST_SWEEPS && left > bound; s++) left = sweep(g, z);
  }
  return left / scale;
}

/** Solves on working sets; gives the largest |projected gradient| left, −1 when one would be too large. */
function workingSets(g: usize, z: usize, worker: u32, bound: f32): f32 {
  const c: usize = load<u32>(at.CONCEPTS);
  const gram: usize = load<usize>(at.GRAM);
  const l1 = load<f32>(at.L1);
  const positive = load<u32>(at.POSITIVE) != 0;
  const room = load<u32>(at.WORKING_SET);
  const part: usize = load<usize>(at.BUFFER) + <usize>worker * load<usize>(at.BUFFER_STRIDE);
  const list = part + <usize>room * room * 4;
  const values = list + <usize>room * 4;
  const before = values + <usize>room * 4;
  const gradients = before + <usize>room * 4;
  const diagonals = gradients + <usize>room * 4;
  const direction = diagonals + <usize>room * 4;
  const image = direction + <usize>room * 4;
  let left: f32 = 0;
  let least = <f32>Infinity;
  let stalled: u32 = 0;
  for (let round: u32 = 0; round < MOST_ROUNDS; round++) {
    // Active concepts first.
    let count: u32 = 0;
    left = 0;
    let outside: f32 = 0;
    for (let j: usize = 0; j < c; j += 4) {
      if (j + 4 <= c) {
        const four = v128.load(g + j * 4);
        const size = positive ? four : f32x4.abs(four);
        const any = v128.or(
          f32x4.ne(v128.load(z + j * 4), f32x4.splat(0)),
          f32x4.gt(size, f32x4.splat(l1 + bound)),
        );
        if (!v128.any_true(any)) continue;
      }
      for (let i = j; i < min(j + 4, c); i++) {
        const value = load<f32>(z + i * 4);
        const violation = projected(load<f32>(g + i * 4), value, l1, positive);
        left = max(left, violation);
        if (value == 0) outside = max(outside, violation);
        else {
          if (count == room) return -1;
          store<u32>(list + <usize>count * 4, <u32>i);
          count++;
        }
      }
    }
    if (left <= bound) return left;
    if (outside <= bound && left > <f32>0.9 * least && ++stalled == MOST_STALLED) return left;
    least = min(least, left);
    if (outside > bound) {
      const floor = max(bound, <f32>0.3 * outside);
      let joined: u32 = 0;
      for (let j: usize = 0; j < c && joined < MOST_JOINING; j++) {
        const gradient = load<f32>(g + j * 4);
        if ((positive ? gradient : abs(gradient)) - l1 < floor || load<f32>(z + j * 4) != 0) continue;
        if (count == room) return -1;
        store<u32>(list + <usize>count * 4, <u32>j);
        count++;
        joined++;
      }
    }
    const padded: usize = (count + 3) & ~3;
    for (let a: usize = 0; a < count; a++) {
      const j = load<usize>(list + a * 4);
      const from = gram + j * c * 4;
      const to = part + a * padded * 4;
      for (let b: usize = 0; b < count; b++) store<f32>(to + b * 4, load<f32>(from + load<usize>(list + b * 4) * 4));
      for (let b: usize = count; b < padded; b++) store<f32>(to + b * 4, 0);
      store<f32>(diagonals + a * 4, load<f32>(from + j * 4));
      store<f32>(gradients + a * 4, load<f32>(g + j * 4));
      store<f32>(values + a * 4, load<f32>(z + j * 4));
      store<f32>(before + a * 4, load<f32>(z + j * 4));
    }
    const aim = <f32>0.3 * bound;
    for (let pass: u32 = 0; pass < MOST_PASSES; pass++) {
      let worst: f32 = 0;
      for (let a: usize = 0; a < count; a++) {
        const value = load<f32>(values + a * 4);
        const gradient = load<f32>(gradients + a * 4);
        const violation = projected(gradient, value, l1, positive);
        if (violation == 0) continue;
        worst = max(worst, violation);
        const diagonal = load<f32>(diagonals + a * 4);
        if (!(diagonal > 0)) continue;
        const next = best(gradient, value, diagonal, l1, positive);
        add1(gradients, count, value - next, part + a * padded * 4);
        store<f32>(values + a * 4, next);
      }
      if (worst <= aim) break;
      if (pass % PASSES_BETWEEN == PASSES_BETWEEN - 1) {
        descendFace(part, padded, count, values, gradients, direction, image, l1, aim);
      }
    }
    take(g, z, gram, c, list, values, before, count);
  }
  return left;
}

/** Puts the values of a working set into z, and their change into g. */
function take(
  g: usize,
  z: usize,
  gram: usize,
  c: usize,
  list: usize,
  values: usize,
  before: usize,
  count: u32,
): void {
  // Changed concepts move to the front of the list, their change into `before`.
  let changed: usize = 0;
  for (let a: usize = 0; a < count; a++) {
    const change = load<f32>(before + a * 4) - load<f32>(values + a * 4);
    if (change == 0) continue;
    const j = load<usize>(list + a * 4);
    store<f32>(z + j * 4, load<f32>(values + a * 4));
    store<usize>(list + changed * 4, j);
    store<f32>(before + changed * 4, change);
    changed++;
  }
  let a: usize = 0;
  for (; a + 4 <= changed; a += 4) {
    const l = list + a * 4,
      s = before + a * 4;
    add4(
      g,
      c,
      load<f32>(s),
      gram + load<usize>(l) * c * 4,
      load<f32>(s, 4),
      gram + load<usize>(l, 4) * c * 4,
      load<f32>(s, 8),
      gram + load<usize>(l, 8) * c * 4,
      load<f32>(s, 12),
      gram + load<usize>(l, 12) * c * 4,
    );
  }
  for (; a < changed; a++) add1(g, c, load<f32>(before + a * 4), gram + load<usize>(list + a * 4) * c * 4);
}
