import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../base/random.ts";
import { createReferenceBackend } from "../kernels/reference/backend.ts";
import { gram } from "./gram.ts";
import { assign } from "./linear-assignment.ts";
import { curvatureAtZero, fitLogistic } from "./logistic-regression.ts";
import { nearestNeighbours } from "./nearest-neighbours.ts";
import { rightSingular, singularValues } from "./singular-values.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

interface Reference {
  rows: number;
  dimension: number;
  x: number[];
  eigenvalues: number[];
  singularValues: number[];
  labels: number[];
  logistic: { C: number; balanced: boolean; weights: number[]; intercept: number }[];
  assignments: { rows: number; columns: number; cost: number[]; minimum: number; maximum: number }[];
}
const root = join(import.meta.dirname, "../..");
const reference = JSON.parse(
  readFileSync(join(root, "test/fixtures/measures/linalg.json"), "utf8"),
) as Reference;
const x = Float32Array.from(reference.x);
const { rows, dimension } = reference;

describe("symmetric eigenproblem and singular values", () => {
  it("equal numpy's on a rank-deficient Gram matrix", () => {
    const { values } = symmetricEigen(gram(x, rows, dimension), dimension);
    reference.eigenvalues.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 7));
    singularValues(x, rows, dimension).forEach((value, i) =>
      expect(Math.abs(value - reference.singularValues[i])).toBeLessThan(1e-6),
    );
  });

  it("give the same singular values for a matrix and its transpose", () => {
    const transposed = Float32Array.from(x, (_, e) => x[(e % rows) * dimension + Math.floor(e / rows)]);
    const tall = singularValues(x, rows, dimension);
    const wide = singularValues(transposed, dimension, rows);
    expect(wide).toHaveLength(dimension);
    tall.forEach((value, i) => expect(wide[i]).toBeCloseTo(value, 6));
  });

  it("return orthonormal vectors that rebuild the matrix, for any size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.nat(1000), (n, seed) => {
        const random = Random.of(seed);
        const a = new Float64Array(n * n);
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++)
            a[i * n + j] = a[j * n + i] = seed % 3 === 0 ? random.integer(2) : random.normal();
        const { values, vectors } = symmetricEigen(a, n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            let rebuilt = 0;
            let product = 0;
            for (let q = 0; q < n; q++) {
              rebuilt += values[q] * vectors[q * n + i] * vectors[q * n + j];
              product += vectors[i * n + q] * vectors[j * n + q];
            }
            expect(Math.abs(rebuilt - a[i * n + j])).toBeLessThan(1e-10);
            expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-10);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("find that the Gram matrix of orthonormal rows is a projector, in float32 too", () => {
    const n = 384;
    const random = Random.of(2, "projector");
    const any = Float64Array.from({ length: n * n }, () => random.normal());
    const { vectors } = symmetricEigen(gram(any, n, n), n);
    const half = Float32Array.from(vectors.subarray(0, (n / 2) * n));
    const { values } = symmetricEigen(gram(half, n / 2, n), n);
    values.forEach((value, i) => expect(Math.abs(value - (i < n / 2 ? 1 : 0))).toBeLessThan(1e-6));
  });

  it("find few vectors of clustered eigenvalues orthonormal, and as exact as all of them", () => {
    const n = 60;
    const random = Random.of(4, "clusters");
    const any = Float64Array.from({ length: n * n }, () => random.normal());
    const basis = symmetricEigen(gram(any, n, n), n).vectors;
    const spectra = {
      apart: (i: number) => n - i,
      "three equal, five within 1e-13": (i: number) => (i < 3 ? 9 : i < 8 ? 4 + i * 2e-14 : 1 / i),
      "one value": () => 2,
      "no more than rank 5": (i: number) => (i < 5 ? 5 - i : 0),
      "signs mixed": (i: number) => (i % 2 === 0 ? 1 : -1) * (1 + Math.floor(i / 20)),
      "all zero": () => 0,
    };
    for (const [name, valueOf] of Object.entries(spectra)) {
      const a = new Float64Array(n * n);
      for (let q = 0; q < n; q++)
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) a[i * n + j] += valueOf(q) * basis[q * n + i] * basis[q * n + j];
      const expected = Array.from({ length: n }, (_, i) => valueOf(i)).sort((p, q) => q - p);
      const { values, vectors } = symmetricEigen(a, n, 20);
      expect(vectors).toHaveLength(20 * n);
      const limit = 1e-12 * Math.max(1, ...expected.map(Math.abs));
      expected.forEach((value, i) => expect(Math.abs(values[i] - value), name).toBeLessThan(limit));
      for (let r = 0; r < 20; r++) {
        for (let i = 0; i < n; i++) {
          let image = 0;
          for (let j = 0; j < n; j++) image += a[i * n + j] * vectors[r * n + j];
          expect(Math.abs(image - values[r] * vectors[r * n + i]), name).toBeLessThan(limit);
        }
        for (let s = 0; s <= r; s++) {
          let product = 0;
          for (let j = 0; j < n; j++) product += vectors[r * n + j] * vectors[s * n + j];
          expect(Math.abs(product - (r === s ? 1 : 0)), name).toBeLessThan(1e-12);
        }
      }
    }
  });

  it("find the plane of the pair 10.74619418290339, 10.74619418290332 of Wilkinson's matrix W21+", () => {
    const a = new Float64Array(21 * 21);
    for (let i = 0; i < 21; i++) {
      a[i * 22] = Math.abs(10 - i);
      if (i > 0) a[i * 21 + i - 1] = a[(i - 1) * 21 + i] = 1;
    }
    const { values, vectors } = symmetricEigen(a, 21, 2);
    expect(values[0]).toBeCloseTo(10.74619418290339, 12);
    expect(values[1]).toBeCloseTo(10.74619418290332, 12);
    // The pair is 7e-14 apart: any two orthonormal vectors of its plane are as good.
    const all = symmetricEigen(a, 21).vectors;
    for (const row of [0, 1]) {
      let square = 0;
      for (const other of [0, 1]) {
        let along = 0;
        for (let i = 0; i < 21; i++) along += vectors[row * 21 + i] * all[other * 21 + i];
        square += along * along;
      }
      expect(square).toBeCloseTo(1, 10);
    }
  });

  it("refuse what is not finite", () => {
    expect(() => symmetricEigen(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow("found NaN at (0, 1)");
  });

  it("find the direction that data were stretched along", () => {
    const random = Random.of(3);
    const points = new Float32Array(300);
    for (let i = 0; i < 100; i++) {
      const t = random.normal() * 5;
      points.set([0.6 * t + 0.01 * random.normal(), 0.8 * t, 0.01 * random.normal()], i * 3);
    }
    const { vectors } = rightSingular(points, 100, 3);
    expect(Math.abs(vectors[0] * 0.6 + vectors[1] * 0.8)).toBeGreaterThan(0.9999);
  });
});

describe("logistic regression", () => {
  const positive = Uint8Array.from(reference.labels);
  it.each(reference.logistic)("reaches scikit-learn's solution at C = $C, balanced $balanced", (expected) => {
    const options = { inverseRegularisation: expected.C, balanced: expected.balanced, tolerance: 1e-11 };
    const fit = fitLogistic(x, positive, dimension, options);
    expected.weights.forEach((value, j) => expect(fit.weights[j]).toBeCloseTo(value, 6));
    expect(fit.intercept).toBeCloseTo(expected.intercept, 6);
    const curvature = curvatureAtZero(x, positive, dimension);
    const again = fitLogistic(x, positive, dimension, { ...options, curvature });
    again.weights.forEach((value, j) => expect(value).toBeCloseTo(fit.weights[j], 6));
  });

  it("refuses one class alone", () => {
    expect(() => fitLogistic(x, new Uint8Array(rows), dimension)).toThrow("expected both classes");
  });
});

describe("linear assignment", () => {
  it.each(reference.assignments)("equals scipy's optimum on $rows x $columns", (expected) => {
    const cost = Float64Array.from(expected.cost);
    const least = assign(cost, expected.rows, expected.columns);
    expect(least.total).toBeCloseTo(expected.minimum, 8);
    expect(assign(cost, expected.rows, expected.columns, { maximize: true }).total).toBeCloseTo(
      expected.maximum,
      8,
    );
    const used = [...least.columnOf].filter((j) => j >= 0);
    expect(used).toHaveLength(Math.min(expected.rows, expected.columns));
    expect(new Set(used).size).toBe(used.length);
  });

  it("equals brute force over all permutations up to 6 rows, float32 ties included", () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 6 })
          .chain((n) =>
            fc.tuple(
              fc.constant(n),
              fc.array(fc.integer({ min: -4, max: 4 }), { minLength: n * n, maxLength: n * n }),
            ),
          ),
        ([n, values]) => {
          const cost = Float32Array.from(values, (value) => value / 4);
          expect(assign(cost, n, n).total).toBeCloseTo(leastByBruteForce(cost, n), 9);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("keeps off forbidden pairs and says when nothing is left", () => {
    const inf = Infinity;
    expect(assign(Float64Array.of(10, inf, inf, inf, inf, 1, inf, 7, inf), 3, 3).total).toBe(18);
    expect(() => assign(Float64Array.of(inf, inf, 1, 2), 2, 2)).toThrow("cannot be matched");
    expect(() => assign(Float64Array.of(1, NaN, 1, 2), 2, 2)).toThrow("found NaN at row 0, column 1");
  });
});

const fixtures = join(process.env["VIADUCT_SHARED_DATA"] ?? join(root, "../shared/data"), "fixtures/lap");
describe.skipIf(!existsSync(fixtures))("linear assignment on published problems (needs shared data)", () => {
  it("finds 305 on OR-Library's assign100", () => {
    const numbers = readFileSync(join(fixtures, "orlib_assign100.txt"), "utf8")
      .trim()
      .split(/\s+/)
      .map(Number);
    expect(assign(Float64Array.from(numbers.slice(1)), 100, 100).total).toBe(305);
  });

  it("finds 224.8899507294651 on cost_eps", () => {
    const text = gunzipSync(readFileSync(join(fixtures, "cost_eps.csv.gz")))
      .toString()
      .trim();
    const cost = text.split("\n").map((line) => line.split(",").map(Number));
    const { total } = assign(Float64Array.from(cost.flat()), cost.length, cost[0].length);
    expect(total).toBeCloseTo(224.8899507294651, 10);
  });

  it("agrees with scipy's own small cases, minimised and negated", () => {
    const { cases, infeasible } = JSON.parse(
      readFileSync(join(fixtures, "scipy_small_cases.json"), "utf8"),
    ) as {
      cases: { cost: (number | "inf")[][]; expected_costs_per_row_min: number[] }[];
      infeasible: number[][][];
    };
    for (const { cost, expected_costs_per_row_min: expected } of cases) {
      const values = Float64Array.from(cost.flat(), (value) => (value === "inf" ? Infinity : value));
      const sum = expected.reduce((a, b) => a + b, 0);
      expect(assign(values, cost.length, cost[0].length).total).toBeCloseTo(sum, 9);
      const negated = values.map((value) => -value);
      expect(assign(negated, cost.length, cost[0].length, { maximize: true }).total).toBeCloseTo(-sum, 9);
    }
    // The file lists a pattern of allowed pairs (1) in which two rows share their only column.
    for (const pattern of infeasible) {
      const values = Float64Array.from(pattern.flat(), (allowed) => (allowed === 1 ? 1 : Infinity));
      expect(() => assign(values, pattern.length, pattern[0].length)).toThrow("cannot be matched");
    }
  });
});

describe("nearest neighbours", () => {
  it("are the largest products, itself left out", async () => {
    const backend = createReferenceBackend();
    const found = await nearestNeighbours(backend, x, rows, dimension, 5);
    for (let i = 0; i < rows; i++) {
      const products = Array.from({ length: rows }, (_, j) => {
        let sum = 0;
        for (let q = 0; q < dimension; q++) sum += x[i * dimension + q] * x[j * dimension + q];
        return { j, sum };
      }).filter(({ j }) => j !== i);
      products.sort((a, b) => b.sum - a.sum);
      expect([...found.index.subarray(i * 5, i * 5 + 5)]).toEqual(products.slice(0, 5).map(({ j }) => j));
    }
    expect((await nearestNeighbours(backend, x, 3, dimension, 9)).k).toBe(2);
  });

  it("of orthogonal rows are the others in the order of their index", async () => {
    const identity = Float32Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1 : 0));
    const { index, product } = await nearestNeighbours(createReferenceBackend(), identity, 6, 6, 2);
    expect([...index]).toEqual([1, 2, 0, 2, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect([...product]).toEqual(Array.from({ length: 12 }, () => 0));
  });
});

function leastByBruteForce(cost: Float32Array, n: number): number {
  let best = Infinity;
  const place = (row: number, used: number, sum: number): void => {
    if (row === n) best = Math.min(best, sum);
    for (let j = 0; j < n; j++)
      if ((used & (1 << j)) === 0) place(row + 1, used | (1 << j), sum + cost[row * n + j]);
  };
  place(0, 0, 0);
  return best;
}
