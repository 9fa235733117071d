import { fma } from "./fma";

/**
 * Reduces the lower triangle of the n x n matrix `a` to tridiagonal form: `d` receives the diagonal,
 * `e` the entries below it (e_i couples i − 1 and i), and row i of `a` keeps, in its first i places,
 * the Householder vector u_i with P_i = I − u_i·u_iᵀ/h_i; `h` receives h_i (0: none). `p` and `q` are
 * n numbers of scratch each.
 *
 * A ← A − u·qᵀ − q·uᵀ waits for the next step, so that it shares one pass over the triangle with
 * that step's A·u.
 */
export function tridiagonalise(a: usize, n: usize, d: usize, e: usize, h: usize, p: usize, q: usize): void {
  const stride = n << 3;
  memory.fill(h, 0, stride);
  memory.fill(q, 0, stride);
  // The reflection that waits: u lies in the row below, q beside it. At first there is none.
  let waiting: usize = a;
  let pending = false;
  for (let i = n - 1; i > 0; i--) {
    const row = a + i * stride;
    const end = i << 3;
    if (pending) catchUp(row, waiting, q, load<f64>(waiting + end), load<f64>(q + end), end + 8);
    let scale: f64 = 0;
    for (let t: usize = 0; t < end; t += 8) scale += abs(load<f64>(row + t));
    const before = load<f64>(row + end - 8);
    if (i == 1 || scale == 0) {
      store<f64>(e + end, before);
      if (pending) for (let j: usize = 0; j < i; j++) {
        const at = j << 3;
        catchUp(a + j * stride, waiting, q, load<f64>(waiting + at), load<f64>(q + at), at + 8);
      }
      pending = false;
      continue;
    }
    let sum: f64 = 0;
    for (let t: usize = 0; t < end; t += 8) {
      const value = load<f64>(row + t) / scale;
      store<f64>(row + t, value);
      sum += value * value;
    }
    const f = load<f64>(row + end - 8);
    const g = f >= 0 ? -sqrt(sum) : sqrt(sum);
    store<f64>(e + end, scale * g);
    const hi = sum - f * g;
    store<f64>(h + end, hi);
    store<f64>(row + end - 8, f - g);

    memory.fill(p, 0, end);
    let j: usize = 0;
    for (; j + 4 <= i; j += 4) fourRows(a + j * stride, stride, j, row, p, pending ? waiting : 0, q);
    for (; j < i; j++) oneRow(a + j * stride, j, 0, row, p, pending ? waiting : 0, q, 0);

    let along: f64 = 0;
    for (let t: usize = 0; t < end; t += 8) {
      const value = load<f64>(p + t) / hi;
      store<f64>(p + t, value);
      along += value * load<f64>(row + t);
    }
    const half = along / (2 * hi);
    for (let t: usize = 0; t < end; t += 8) store<f64>(p + t, load<f64>(p + t) - half * load<f64>(row + t));
    waiting = row;
    pending = true;
    const held = p;
    p = q;
    q = held;
  }
  store<f64>(e, 0);
  for (let i: usize = 0; i < n; i++) store<f64>(d + (i << 3), load<f64>(a + i * stride + (i << 3)));
}

/** row ← row − uj·q − qj·u over `bytes` bytes. */
function catchUp(row: usize, u: usize, q: usize, uj: f64, qj: f64, bytes: usize): void {
  const whole = bytes & ~15;
  const u2 = f64x2.splat(-uj),
    q2 = f64x2.splat(-qj);
  let t: usize = 0;
  for (; t < whole; t += 16) {
    v128.store(row + t, fma(u2, v128.load(q + t), fma(q2, v128.load(u + t), v128.load(row + t))));
  }
  if (t < bytes) store<f64>(row + t, load<f64>(row + t) - (uj * load<f64>(q + t) + qj * load<f64>(u + t)));
}

/**
 * Row j from column `from` on: the update that waits (none where `w` is 0), then its share in p = A·u;
 * `dot` is what its columns before gave.
 */
function oneRow(row: usize, j: usize, from: usize, u: usize, p: usize, w: usize, q: usize, dot: f64): void {
  const at = j << 3;
  const uj = load<f64>(u + at);
  const wj: f64 = w ? load<f64>(w + at) : 0;
  const qj: f64 = w ? load<f64>(q + at) : 0;
  for (let t = from; t < at; t += 8) {
    let value = load<f64>(row + t);
    if (w) {
      value -= wj * load<f64>(q + t) + qj * load<f64>(w + t);
      store<f64>(row + t, value);
    }
    dot += value * load<f64>(u + t);
    store<f64>(p + t, load<f64>(p + t) + value * uj);
  }
  let own = load<f64>(row + at);
  if (w) {
    own -= 2 * wj * qj;
    store<f64>(row + at, own);
  }
  store<f64>(p + at, load<f64>(p + at) + dot + own * uj);
}

/** Rows j … j + 3 at once. */
function fourRows(row: usize, stride: usize, j: usize, u: usize, p: usize, w: usize, q: usize): void {
  const at = j << 3;
  const whole = at & ~15;
  const r1 = row + stride,
    r2 = r1 + stride,
    r3 = r2 + stride;
  const u0 = v128.load64_splat(u + at),
    u1 = v128.load64_splat(u + at, 8),
    u2 = v128.load64_splat(u + at, 16),
    u3 = v128.load64_splat(u + at, 24);
  let d0 = f64x2.splat(0),
    d1 = d0,
    d2 = d0,
    d3 = d0;
  if (w) {
    const w0 = f64x2.neg(v128.load64_splat(w + at)),
      w1 = f64x2.neg(v128.load64_splat(w + at, 8)),
      w2 = f64x2.neg(v128.load64_splat(w + at, 16)),
      w3 = f64x2.neg(v128.load64_splat(w + at, 24));
    const q0 = f64x2.neg(v128.load64_splat(q + at)),
      q1 = f64x2.neg(v128.load64_splat(q + at, 8)),
      q2 = f64x2.neg(v128.load64_splat(q + at, 16)),
      q3 = f64x2.neg(v128.load64_splat(q + at, 24));
    for (let t: usize = 0; t < whole; t += 16) {
      const x = v128.load(u + t),
        y = v128.load(w + t),
        z = v128.load(q + t);
      let sum = v128.load(p + t);
      let value = fma(w0, z, fma(q0, y, v128.load(row + t)));
      v128.store(row + t, value);
      d0 = fma(value, x, d0);
      sum = fma(value, u0, sum);
      value = fma(w1, z, fma(q1, y, v128.load(r1 + t)));
      v128.store(r1 + t, value);
      d1 = fma(value, x, d1);
      sum = fma(value, u1, sum);
      value = fma(w2, z, fma(q2, y, v128.load(r2 + t)));
      v128.store(r2 + t, value);
      d2 = fma(value, x, d2);
      sum = fma(value, u2, sum);
      value = fma(w3, z, fma(q3, y, v128.load(r3 + t)));
      v128.store(r3 + t, value);
      d3 = fma(value, x, d3);
      sum = fma(value, u3, sum);
      v128.store(p + t, sum);
    }
  } else {
    for (let t: usize = 0; t < whole; t += 16) {
      const x = v128.load(u + t);
      let sum = v128.load(p + t);
      let value = v128.load(row + t);
      d0 = fma(value, x, d0);
      sum = fma(value, u0, sum);
      value = v128.load(r1 + t);
      d1 = fma(value, x, d1);
      sum = fma(value, u1, sum);
      value = v128.load(r2 + t);
      d2 = fma(value, x, d2);
      sum = fma(value, u2, sum);
      value = v128.load(r3 + t);
      d3 = fma(value, x, d3);
      sum = fma(value, u3, sum);
      v128.store(p + t, sum);
    }
  }
  oneRow(row, j, whole, u, p, w, q, lanes(d0));
  oneRow(r1, j + 1, whole, u, p, w, q, lanes(d1));
  oneRow(r2, j + 2, whole, u, p, w, q, lanes(d2));
  oneRow(r3, j + 3, whole, u, p, w, q, lanes(d3));
}

@inline
function lanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
