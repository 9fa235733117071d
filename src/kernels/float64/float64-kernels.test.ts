import { describe, expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import { instantiateFloat64, withFloat64Kernels, type Float64Instance } from "./float64-kernels.ts";

const variants = ["relaxed-simd", "simd"] as const;
const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 34, 61];

/** Symmetric matrices whose reduction takes every turn: full, with rows of zeros, diagonal, empty. */
const matrices: Readonly<Record<string, (i: number, j: number, random: Random) => number>> = {
  full: (_i, _j, random) => random.normal(),
  "rows of zeros": (i, j, random) => (i % 3 === 1 || j % 3 === 1 ? 0 : random.normal()),
  diagonal: (i, j) => (i === j ? i - 2 : 0),
  tridiagonal: (i, j, random) => (i - j <= 1 ? random.normal() : 0),
  empty: () => 0,
};

function filled(n: number, valueOf: (i: number, j: number, random: Random) => number): Float64Array {
  const random = Random.of(n, "symmetric");
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = valueOf(i, j, random);
  }
  return a;
}

/** V·(A·Vᵀ), all n x n, A symmetric. */
function conjugated(v: Float64Array, a: Float64Array, n: number): Float64Array {
  const times = (left: Float64Array, right: Float64Array): Float64Array =>
    Float64Array.from(left, (_, e) => {
      const [i, j] = [Math.floor(e / n) * n, (e % n) * n];
      let sum = 0;
      for (let t = 0; t < n; t++) sum += left[i + t] * right[j + t];
      return sum;
    });
  return times(v, times(v, a));
}

function near(found: Float64Array, expected: Float64Array): void {
  expect(found).toHaveLength(expected.length);
  const far = found.reduce((most, value, e) => Math.max(most, Math.abs(value - expected[e])), 0);
  expect(far).toBeLessThan(1e-10);
}

/** n x n for which the reflections turn `a` into its tridiagonal form, with that form. */
function reduced({ memory, kernels }: Float64Instance, a: Float64Array, n: number) {
  if (memory.buffer.byteLength < 16 * 65536) memory.grow(16);
  const numbers = new Float64Array(memory.buffer);
  const [at, v] = [0, n * n];
  const [d, e, h, p, q] = [0, 1, 2, 3, 4].map((row) => v + (n + row) * n);
  numbers.set(a, at);
  kernels.tridiagonalise(8 * at, n, 8 * d, 8 * e, 8 * h, 8 * p, 8 * q);
  numbers.fill(0, v, v + n * n);
  for (let i = 0; i < n; i++) numbers[v + i * n + i] = 1;
  kernels.reflectRows(8 * v, n, 8 * at, n, 8 * h);
  const form = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    form[i * n + i] = numbers[d + i];
    if (i > 0) form[i * n + i - 1] = form[(i - 1) * n + i] = numbers[e + i];
  }
  return { turned: numbers.slice(v, v + n * n), form };
}

describe.each(variants)("the float64 kernels with %s", (variant) => {
  const instance = instantiateFloat64(variant);

  it.each(Object.entries(matrices))("reduce matrices to tridiagonal form by rotations: %s", (_, valueOf) => {
    for (const n of sizes) {
      const a = filled(n, valueOf);
      const { turned, form } = reduced(instance, a, n);
      near(conjugated(turned, a, n), form);
      const identity = filled(n, (i, j) => (i === j ? 1 : 0));
      near(conjugated(turned, identity, n), identity);
    }
  });

  it("take out what lies along given rows", () => {
    const { memory, kernels } = instance;
    if (memory.buffer.byteLength < 16 * 65536) memory.grow(16);
    const numbers = new Float64Array(memory.buffer);
    for (const n of sizes) {
      const { turned } = reduced(
        instance,
        filled(n, (_i, _j, random) => random.normal()),
        n,
      );
      for (const count of [0, 1, 3, 4, 7, n].filter((some) => some <= n)) {
        const random = Random.of(count, "y");
        const y = Float64Array.from({ length: n }, () => random.normal());
        numbers.set(y, 0);
        numbers.set(turned, n);
        kernels.takeOut(0, 8 * n, count, n);
        const expected = y.slice();
        for (let j = 0; j < count; j++) {
          const row = turned.subarray(j * n, (j + 1) * n);
          const along = row.reduce((sum, value, t) => sum + value * y[t], 0);
          row.forEach((value, t) => (expected[t] -= along * value));
        }
        near(numbers.slice(0, n), expected);
      }
    }
  });
});

it("their memory grows with need, also while it is in use", () => {
  const inner = withFloat64Kernels(10, (_, outer) => {
    outer.fill(1);
    const sum = withFloat64Kernels(100_000, (_kernels, memory) => memory.fill(2).length);
    return [sum, outer[9]];
  });
  expect(inner).toEqual([100_000, 1]);
  expect(withFloat64Kernels(200_000, (_, memory) => memory.length)).toBe(200_000);
});
