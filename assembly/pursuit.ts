/**
 * Greedy pursuit for a block of rows. A worker's scratch holds the correlations q of its row. With
 * the Gram matrix a phase takes all steps of a row, each reading the Gram rows of what was picked;
 * without it a phase takes one step of every row, and the host correlates in between what the rows'
 * codes add up to.
 */
import * as at from "../src/kernels/cpu/layout";
import { add1, dot } from "./simd";
import { addPick, codeOf, emptySupport, openSupport, setGram, solveSupport } from "./support";

export function pursueRows(task: u32, worker: u32): void {
  const perTask = load<u32>(at.ROWS_PER_TASK);
  const last: usize = min((task + 1) * perTask, load<u32>(at.ROWS));
  const q: usize = load<usize>(at.KEYS) + <usize>worker * load<usize>(at.KEYS_STRIDE);
  const done = load<u32>(at.END_STEP) == load<u32>(at.ROOM);
  for (let row: usize = task * perTask; row < last; row++) {
    takeSteps(row, q, worker);
    if (done) mergeRow(row);
    else addUp(row, worker);
  }
}

function takeSteps(row: usize, q: usize, worker: u32): void {
  const c: usize = load<u32>(at.CONCEPTS);
  const k: usize = load<u32>(at.K);
  const gram: usize = load<usize>(at.GRAM);
  const orthogonal = load<u32>(at.ORTHOGONAL) != 0;
  const p: usize = load<usize>(at.CORRELATIONS) + row * c * 4;
  const places = row * load<u32>(at.ROOM) * 4;
  const concepts: usize = load<usize>(at.PICK_CONCEPT) + places;
  const values: usize = load<usize>(at.PICK_VALUE) + places;
  const counts: usize = load<usize>(at.PICK_COUNT) + row * 8;
  const support: usize =
    load<usize>(at.SUPPORT) + (gram ? <usize>worker : row) * load<usize>(at.SUPPORT_STRIDE);
  openSupport(support, <u32>k);
  let step: usize = load<u32>(at.FIRST_STEP);
  if (step == 0) {
    difference(p, p, load<usize>(at.BIAS), c, 1);
    memory.copy(q, p, c * 4);
    store<u64>(counts, 0);
    emptySupport(support);
  } else {
    difference(q, p, load<usize>(at.EXPLAINED) + row * c * 4, c, -1);
    if (orthogonal && step < k) shut(q, concepts, load<u32>(counts));
    if (step > k) keepListed(q, c);
  }
  for (const end: usize = load<u32>(at.END_STEP); step < end; step++) {
    if (step == k) keepListed(q, c);
    const own = step < k;
    const first = own ? 0 : k;
    const counter = own ? counts : counts + 4;
    const count: usize = load<u32>(counter);
    // The row stopped at an earlier step.
    if (count < step - first) continue;
    const j = largest(q, c);
    if (j < 0) continue;
    const value = load<f32>(q + <usize>j * 4);
    store<u32>(concepts + (first + count) * 4, j);
    store<f32>(values + (first + count) * 4, value);
    store<u32>(counter, <u32>(count + 1));
    if (!orthogonal || !own) {
      if (gram) add1(q, c, -value, gram + <usize>j * c * 4);
      continue;
    }
    solveCodes(support, concepts, values, count, p);
    if (!gram) continue;
    memory.copy(q, p, c * 4);
    for (let s: usize = 0; s <= count; s++) {
      const z = load<f32>(values + s * 4);
      if (z != 0) add1(q, c, -z, gram + <usize>load<u32>(concepts + s * 4) * c * 4);
    }
    if (step + 1 < k) shut(q, concepts, <u32>(count + 1));
  }
}

/** Takes pick number `count` into the support and solves for the codes of all picks. */
function solveCodes(support: usize, concepts: usize, values: usize, count: usize, p: usize): void {
  const c: usize = load<u32>(at.CONCEPTS);
  const d: usize = load<u32>(at.DIMENSION);
  const gram: usize = load<usize>(at.GRAM);
  const encoder: usize = load<usize>(at.ENCODER);
  const j: usize = load<u32>(concepts + count * 4);
  addPick(count, <f64>load<f32>(p + j * 4));
  for (let s: usize = 0; s <= count; s++) {
    const other: usize = load<u32>(concepts + s * 4);
    const cosine = gram
      ? load<f32>(gram + (j * c + other) * 4)
      : dot(encoder + j * d * 4, encoder + other * d * 4, d);
    setGram(count, s, <f64>cosine);
  }
  solveSupport(support, count + 1);
  for (let s: usize = 0; s <= count; s++) store<f32>(values + s * 4, <f32>codeOf(s));
}

/** out = a + sign·b over c numbers, none past them. */
function difference(out: usize, a: usize, b: usize, c: usize, sign: f32): void {
  const s = f32x4.splat(sign);
  const whole = (c >> 2) << 4;
  let t: usize = 0;
  for (; t < whole; t += 16) {
    v128.store(out + t, f32x4.add(v128.load(a + t), f32x4.mul(s, v128.load(b + t))));
  }
  for (const bytes = c << 2; t < bytes; t += 4) {
    store<f32>(out + t, load<f32>(a + t) + sign * load<f32>(b + t));
  }
}

/** Picks are no candidates again. */
function shut(q: usize, concepts: usize, count: u32): void {
  for (let s: usize = 0; s < count; s++) store<f32>(q + <usize>load<u32>(concepts + s * 4) * 4, -Infinity);
}

function keepListed(q: usize, c: usize): void {
  const mask: usize = load<usize>(at.AUXILIARY_MASK);
  for (let j: usize = 0; j < c; j++) if (load<u32>(mask + j * 4) == 0) store<f32>(q + j * 4, -Infinity);
}

/** The first of the largest q, if that is positive; else −1. */
function largest(q: usize, c: usize): i32 {
  let m0 = f32x4.splat(0),
    m1 = m0,
    m2 = m0,
    m3 = m0;
  const whole = (c >> 4) << 6;
  let t: usize = 0;
  for (; t < whole; t += 64) {
    m0 = f32x4.pmax(m0, v128.load(q + t));
    m1 = f32x4.pmax(m1, v128.load(q + t, 16));
    m2 = f32x4.pmax(m2, v128.load(q + t, 32));
    m3 = f32x4.pmax(m3, v128.load(q + t, 48));
  }
  const m = f32x4.pmax(f32x4.pmax(m0, m1), f32x4.pmax(m2, m3));
  let most = max(
    max(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)),
    max(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)),
  );
  for (const bytes = c << 2; t < bytes; t += 4) {
    const v = load<f32>(q + t);
    if (v > most) most = v;
  }
  if (!(most > 0)) return -1;
  const wanted = f32x4.splat(most);
  t = 0;
  for (; t < whole; t += 64) {
    const found = v128.or(
      v128.or(f32x4.eq(v128.load(q + t), wanted), f32x4.eq(v128.load(q + t, 16), wanted)),
      v128.or(f32x4.eq(v128.load(q + t, 32), wanted), f32x4.eq(v128.load(q + t, 48), wanted)),
    );
    if (v128.any_true(found)) break;
  }
  while (load<f32>(q + t) != most) t += 4;
  return <i32>(t >> 2);
}

/** What the row's picks add up to, for the product that brings q up to date. */
function addUp(row: usize, worker: u32): void {
  const d: usize = load<u32>(at.DIMENSION);
  const k: usize = load<u32>(at.K);
  const places = row * load<u32>(at.ROOM) * 4;
  const concepts: usize = load<usize>(at.PICK_CONCEPT) + places;
  const values: usize = load<usize>(at.PICK_VALUE) + places;
  const counts: usize = load<usize>(at.PICK_COUNT) + row * 8;
  const encoder: usize = load<usize>(at.ENCODER);
  const sum: usize = load<usize>(at.LOCAL) + <usize>worker * load<usize>(at.LOCAL_STRIDE);
  memory.fill(sum, 0, d * 4);
  for (let part: usize = 0; part < 2; part++) {
    const first = part * k;
    for (let s = first, end = first + <usize>load<u32>(counts + part * 4); s < end; s++) {
      add1(sum, d, load<f32>(values + s * 4), encoder + <usize>load<u32>(concepts + s * 4) * d * 4);
    }
  }
  memory.copy(load<usize>(at.RECONSTRUCTION) + row * d * 4, sum, d * 4);
}

/** Picks by concept, one entry for those of one concept, none for codes of 0. */
function mergeRow(row: usize): void {
  const k: usize = load<u32>(at.K);
  const places = row * load<u32>(at.ROOM) * 4;
  for (let part: usize = 0; part < 2; part++) {
    const skipped = places + part * k * 4;
    const from: usize = load<usize>(at.PICK_CONCEPT) + skipped;
    const values: usize = load<usize>(at.PICK_VALUE) + skipped;
    const concepts: usize = load<usize>(at.MERGED_CONCEPT) + skipped;
    const sums: usize = load<usize>(at.MERGED_VALUE) + skipped;
    const picks: usize = load<u32>(load<usize>(at.PICK_COUNT) + row * 8 + part * 4);
    let count: usize = 0;
    for (let s: usize = 0; s < picks; s++) {
      const j = load<u32>(from + s * 4);
      const value = load<f32>(values + s * 4);
      if (value == 0) continue;
      let e: usize = count;
      while (e > 0 && load<u32>(concepts + (e - 1) * 4) >= j) e--;
      if (e < count && load<u32>(concepts + e * 4) == j) {
        store<f32>(sums + e * 4, load<f32>(sums + e * 4) + value);
        continue;
      }
      memory.copy(concepts + (e + 1) * 4, concepts + e * 4, (count - e) * 4);
      memory.copy(sums + (e + 1) * 4, sums + e * 4, (count - e) * 4);
      store<u32>(concepts + e * 4, j);
      store<f32>(sums + e * 4, value);
      count++;
    }
    store<u32>(load<usize>(at.MERGED_COUNT) + row * 8 + part * 4, <u32>count);
  }
}
