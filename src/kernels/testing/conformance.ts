/**
 * What every backend has to pass: agreement with the reference on random and ragged shapes.
 *
 * Encodings are tried on numbers whose products are exact in float32, so the codes must be equal,
 * ties included. Everything else is compared within 2e-5 absolute plus 1e-4 relative: float32
 * sums against float64 ones.
 */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import type { Backend } from "../backend.ts";
import { createReferenceBackend } from "../reference/backend.ts";
import { leastSquaresVariants, solveOn } from "./least-squares.ts";
import {
  coarse,
  floatsFrom,
  integersFrom,
  makeState,
  normals,
  readState,
  selectionsFor,
  trainStep,
  type Shape,
  type StepOptions,
} from "./problem.ts";

const absolute = 2e-5;
const relative = 1e-4;

export function expectClose(name: string, got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length, name).toBe(expected.length);
  for (let i = 0; i < got.length; i++) {
    if (!(Math.abs(got[i] - expected[i]) <= absolute + relative * Math.abs(expected[i]))) {
      expect.fail(`${name}[${i}] is ${got[i]}; the reference has ${expected[i]}`);
    }
  }
}

const shapes: readonly Shape[] = [
  { rows: 1, dimension: 1, concepts: 1 },
  { rows: 1, dimension: 3, concepts: 5 },
  { rows: 7, dimension: 5, concepts: 1 },
  { rows: 5, dimension: 8, concepts: 17 },
  { rows: 33, dimension: 13, concepts: 70 },
  { rows: 130, dimension: 20, concepts: 800 },
  { rows: 523, dimension: 6, concepts: 130 },
  { rows: 9, dimension: 67, concepts: 1601 },
];

const label = (s: Shape): string => `${s.rows} rows, ${s.dimension} dimensions, ${s.concepts} concepts`;

const anyShape = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  dimension: fc.integer({ min: 1, max: 24 }),
  concepts: fc.integer({ min: 1, max: 90 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

/** Encodes on one backend, without and with a bias, with and without an auxiliary selection. */
async function encodings(backend: Backend, shape: Shape, seed: number): Promise<Map<string, unknown>> {
  const { rows, dimension, concepts } = shape;
  const random = Random.of(seed, "encodings");
  const encoder = floatsFrom(backend, coarse(random, concepts * dimension));
  const bias = floatsFrom(backend, coarse(random, concepts));
  const codes = backend.codes(rows, concepts);
  const auxiliary = {
    listed: integersFrom(
      backend,
      Uint32Array.from({ length: concepts }, (_, j) => j).filter((j) => j % 3 !== 1),
    ),
    count: Math.ceil(concepts / 3),
    k: 3,
    codes: backend.codes(rows, concepts),
  };
  const result = new Map<string, unknown>();
  for (const [name, selection] of selectionsFor(backend, shape, seed)) {
    // The second batch starts from what the first one left behind.
    for (const round of [0, 1]) {
      const x = floatsFrom(backend, coarse(random, rows * dimension));
      const encoded = await backend.encode({
        x,
        rows,
        dimension,
        encoder,
        ...(round === 0 ? {} : { encoderBias: bias, auxiliary }),
        concepts,
        selection,
        codes,
      });
      result.set(`${name}, round ${round}`, {
        encoded,
        codes: await backend.readCodes(codes, rows),
        ...(round === 1 && { auxiliary: await backend.readCodes(auxiliary.codes, rows) }),
      });
      backend.free(x);
    }
  }
  backend.free(encoder, bias, codes, auxiliary.codes, auxiliary.listed);
  return result;
}

const variants: readonly (readonly [string, Omit<StepOptions, "selection">])[] = [
  ["plain", {}],
  ["auxiliary loss", { auxiliary: true }],
  ["lazy", { lazy: true }],
  ["lazy with thresholds and clipping", { lazy: true, thresholds: true, clipNorm: 0.01, auxiliary: true }],
  ["clipping that does not bind", { clipNorm: 1e6, penalty: 0.01 }],
  ["thresholds", { thresholds: true, withoutDecoderBias: true }],
];

/** Three training steps on one backend, each from exact encoders. */
async function steps(
  backend: Backend,
  shape: Shape,
  seed: number,
  options: Omit<StepOptions, "selection">,
): Promise<Map<string, ArrayLike<number>>> {
  const random = Random.of(seed, "steps");
  const state = makeState(backend, shape, seed, true);
  const result = new Map<string, ArrayLike<number>>();
  for (let step = 3; step <= 5; step++) {
    backend.write(state.encoder.values, coarse(random, state.encoder.values.length));
    backend.write(state.encoderBias.values, coarse(random, state.encoderBias.values.length));
    backend.write(
      state.thresholds.values,
      Float32Array.from({ length: shape.concepts }, () => random.integer(5) / 8),
    );
    const { numbers, residual } = await trainStep(
      backend,
      shape,
      state,
      coarse(random, shape.rows * shape.dimension),
      step,
      {
        ...options,
        selection: options.thresholds
          ? { kind: "threshold", thresholds: state.thresholds.values, window: 0.75 }
          : { kind: "batch-topk", total: 2 * shape.rows },
      },
    );
    result.set(`residual of step ${step}`, residual);
    for (const [name, value] of Object.entries(numbers)) {
      result.set(`${name} of step ${step}`, Number.isNaN(value) ? [] : [value]);
    }
  }
  for (const [name, values] of await readState(backend, state)) result.set(name, values);
  return result;
}

export function conformance(name: string, create: () => Promise<Backend>): void {
  describe(`${name} agrees with the reference`, () => {
    const reference = createReferenceBackend();
    let backend: Backend;
    beforeAll(async () => {
      backend = await create();
    });
    afterAll(async () => {
      await backend.close();
    });

    it.each(shapes.map((shape) => [label(shape), shape] as const))("encodes %s", async (_, shape) => {
      expect(await encodings(backend, shape, 7)).toEqual(await encodings(reference, shape, 7));
    });

    it("encodes any shape", async () => {
      await fc.assert(
        fc.asyncProperty(anyShape, async ({ seed, ...shape }) => {
          expect(await encodings(backend, shape, seed)).toEqual(await encodings(reference, shape, seed));
        }),
        { numRuns: 25, seed: 1 },
      );
    });

    it.each(shapes.map((shape) => [label(shape), shape] as const))("multiplies %s", async (_, shape) => {
      const { rows: m, dimension: k, concepts: n } = shape;
      const random = Random.of(3, "product");
      const [a, b] = [normals(random, m * k), normals(random, n * k)];
      const outputs = [];
      for (const on of [backend, reference]) {
        const out = on.floats(m * n);
        await on.product({ a: floatsFrom(on, a), b: floatsFrom(on, b), out, m, n, k });
        outputs.push(await on.read(out));
      }
      expectClose("product", outputs[0], outputs[1]);
    });

    it.each(shapes.map((shape) => [label(shape), shape] as const))(
      "multiplies columns: %s",
      async (_, { rows: k, dimension: m, concepts: n }) => {
        const random = Random.of(4, "columns");
        const [a, b] = [normals(random, k * m), normals(random, k * n)];
        const outputs = [];
        for (const on of [backend, reference]) {
          const out = on.floats(m * n);
          await on.columnProduct({ a: floatsFrom(on, a), b: floatsFrom(on, b), out, m, n, k });
          outputs.push(await on.read(out));
        }
        expectClose("product of columns", outputs[0], outputs[1]);
      },
    );

    it.each([1, 2, 31, 130, 259, 1100])("multiplies %i rows or columns with themselves", async (n) => {
      const k = 21;
      const values = normals(Random.of(n, "own"), n * k);
      for (const operation of ["product", "columnProduct"] as const) {
        const outputs = [];
        for (const on of [backend, reference]) {
          const a = floatsFrom(on, values);
          const out = on.floats(n * n);
          await on[operation]({ a, b: a, out, m: n, n, k });
          outputs.push(await on.read(out));
          on.free(a, out);
        }
        const [got, expected] = outputs;
        expectClose(operation, got, expected);
        const uneven = got.findIndex((value, e) => value !== got[(e % n) * n + Math.floor(e / n)]);
        expect(uneven, "entries that differ from those across the diagonal").toBe(-1);
      }
    });

    it.each([1, 4, 7, 130, 70_001])("rescales %i numbers", async (length) => {
      for (const [root, withBelow] of [
        [false, false],
        [true, true],
        [true, false],
      ]) {
        const random = Random.of(length, "rescale");
        const draw = (): Float32Array =>
          Float32Array.from({ length }, () => (random.integer(5) === 0 ? 0 : random.uniform()));
        const [z, above, below] = [draw(), draw(), draw()];
        const along = draw().map((value, e) => (e % 2 === 0 ? value : -value));
        const outputs = [];
        for (const on of [backend, reference]) {
          // One number more, which is to stay.
          const values = floatsFrom(on, Float32Array.from([...z, 7]));
          await on.rescale({
            values,
            along: floatsFrom(on, along),
            above: floatsFrom(on, above),
            ...(withBelow && { below: floatsFrom(on, below) }),
            length,
            root,
          });
          outputs.push(await on.read(values));
        }
        expectClose("rescaled", outputs[0], outputs[1]);
        expect(outputs[0][length]).toBe(7);
      }
    });

    for (const [variant, options] of leastSquaresVariants) {
      it.each(shapes.slice(0, 7).map((shape) => [label(shape), shape] as const))(
        `solves least squares, ${variant}: %s`,
        async (_, { rows, ...shape }) => {
          const problem = { rows: Math.min(rows, 40), ...shape };
          const got = await solveOn(backend, problem, options, 5);
          const expected = await solveOn(reference, problem, options, 5);
          expectClose("objectives", got.objectives, expected.objectives);
          if ("sweeps" in options.until) {
            expectClose("codes", got.codes, expected.codes);
            expectClose("violation", [got.violation], [expected.violation]);
          } else {
            expect(got.violation).toBeLessThanOrEqual(options.until.tolerance);
            expect(got.unsettled).toBe(0);
            expect(got.codes.every((z) => !options.positive || z >= 0)).toBe(true);
          }
        },
      );
    }

    for (const [variant, options] of variants) {
      it.each(shapes.map((shape) => [label(shape), shape] as const))(
        `trains, ${variant}: %s`,
        async (_, shape) => {
          const expected = await steps(reference, shape, 11, options);
          const got = await steps(backend, shape, 11, options);
          for (const [part, values] of expected) expectClose(part, got.get(part) ?? [], values);
        },
      );
    }

    it("trains on any shape", async () => {
      await fc.assert(
        fc.asyncProperty(anyShape, fc.constantFrom(...variants), async ({ seed, ...shape }, [, options]) => {
          const expected = await steps(reference, shape, seed, options);
          const got = await steps(backend, shape, seed, options);
          for (const [part, values] of expected) expectClose(part, got.get(part) ?? [], values);
        }),
        { numRuns: 40, seed: 2 },
      );
    });
  });
}
