/**
 * Steps of gated and matryoshka against PyTorch's autograd and Adam on the papers' losses
 * (test/fixtures/make/objectives.py), their losses and gradients against sae-lens's own training
 * classes (saelens_objectives.py), all within 2e-5 absolute plus 1e-4 relative; and what nesting promises.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import { modalities } from "../../base/rows.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { encodeRows, stackCodes } from "../codes.ts";
import type { Dictionary } from "../dictionary.ts";
import { learnerNamed } from "../registry.ts";
import { planted } from "../testing/planted.ts";
import { resolveConfig } from "./config.ts";
import { gated } from "./gated.ts";
import { matryoshka } from "./matryoshka.ts";
import { prefixesOf } from "./nested-objective.ts";
import { allocateParameters, namedTensors } from "./parameters.ts";
import { createStepper } from "./step.ts";

interface Fixture {
  readonly rows: number;
  readonly dimension: number;
  readonly concepts: number;
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly penalty: number;
  readonly prefixes: readonly number[];
  readonly activePerSample: number;
  readonly cases: readonly {
    readonly learner: "gated" | "matryoshka";
    readonly clip: number | null;
    readonly start: Readonly<Record<string, number[]>>;
    readonly steps: readonly (Readonly<Record<string, number[]>> & { readonly loss: number })[];
  }[];
}

interface SaelensFixture {
  readonly madeBy: string;
  readonly rows: number;
  readonly dimension: number;
  readonly concepts: number;
  readonly penalty: number;
  readonly k: number;
  readonly prefixes: readonly number[];
  readonly cases: readonly {
    readonly learner: "gated" | "matryoshka";
    readonly weights: Readonly<Record<string, number[]>>;
    readonly x: readonly number[];
    readonly loss: number;
    readonly gradients: Readonly<Record<string, number[]>>;
  }[];
}

function readFixture(name: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../../../test/fixtures/learners/${name}`, import.meta.url), "utf8"),
  );
}

const fixture = readFixture("objective-steps.json") as Fixture;
const saelens = readFixture("saelens-gradients.json") as SaelensFixture;

function expectClose(name: string, got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length, name).toBe(expected.length);
  for (let i = 0; i < got.length; i++) {
    const allowed = 2e-5 + 1e-4 * Math.abs(expected[i]);
    if (!(Math.abs(got[i] - expected[i]) <= allowed)) {
      expect.fail(`${name}[${i}] is ${got[i]}; expected ${expected[i]}`);
    }
  }
}

type Numbers = Readonly<Record<string, readonly number[]>>;

/** A stepper of the learner on given weights, without an auxiliary loss, and the tensors they lie in. */
function stepperOn(learner: "gated" | "matryoshka", weights: Numbers, options: Record<string, unknown>) {
  const method = learner === "gated" ? gated : matryoshka;
  const { rows, dimension, concepts, ...own } = options as Record<string, unknown> & {
    rows: number;
    dimension: number;
    concepts: number;
  };
  const config = resolveConfig(
    { concepts, batch: rows, auxiliary: 0, heldOut: 0, k: 2, ...own },
    { rows, dimension },
    method,
  );
  const backend = createReferenceBackend();
  const parameters = allocateParameters(backend, concepts, dimension, {
    logScale: method.scalesMagnitudes ?? false,
  });
  const named = namedTensors(parameters);
  for (const [name, values] of Object.entries(weights)) {
    const found = named.find((one) => one.name === name);
    if (found?.tensor.type !== "f32") throw new Error(`there is no parameter ${name}`);
    backend.write(found.tensor, Float32Array.from(values));
  }
  const read = (name: string): Promise<Float32Array> => {
    const found = named.find((one) => one.name === name);
    if (found?.tensor.type !== "f32") throw new Error(`there is no parameter ${name}`);
    return backend.read(found.tensor);
  };
  return { stepper: createStepper(backend, config, parameters, method.begin(config, parameters, 1)), read };
}

/** What belongs to one of the two methods alone. */
const ownOf = (learner: "gated" | "matryoshka", penalty: number, prefixes: readonly number[]) =>
  learner === "gated" ? { l1: penalty } : { prefixes: prefixes.slice(0, -1).join() };

describe("a training step", () => {
  const { rows, dimension, concepts, rate, beta1, beta2 } = fixture;

  it.each(fixture.cases.map((one) => [one.learner, one.clip, one] as const))(
    "of %s, clipped to %s, does what PyTorch does",
    async (name, clip, { start, steps }) => {
      const own = ownOf(name, fixture.penalty, fixture.prefixes);
      const shape = { rows, dimension, concepts, beta1, beta2, ...(clip && { clip }) };
      const { stepper, read } = stepperOn(name, start, { ...shape, ...own, k: fixture.activePerSample });
      for (const [index, expected] of steps.entries()) {
        const { loss } = await stepper.step(Float32Array.from(expected["x"]), index, rate);
        expectClose(`loss of step ${index}`, [loss], [expected.loss]);
        for (const of of Object.keys(start)) {
          expectClose(`${of} after step ${index}`, await read(of), expected[of]);
        }
      }
    },
  );

  it.each(saelens.cases.map((one, i) => [one.learner, i, one] as const))(
    "of %s has the loss and the gradients of sae-lens's training class: case %i",
    async (name, _, { weights, x, loss: expected, gradients }) => {
      const { penalty, prefixes, k, cases: _cases, madeBy: _madeBy, ...shape } = saelens;
      const { stepper, read } = stepperOn(name, weights, { ...shape, k, ...ownOf(name, penalty, prefixes) });
      const { loss } = await stepper.step(Float32Array.from(x), 0, 1e-3);
      expectClose("loss", [loss], [expected]);
      // After one step Adam's first moment is (1 − β₁) times the gradient.
      for (const [of, gradient] of Object.entries(gradients)) {
        const moment = await read(`${of}.first`);
        expectClose(
          `gradient of ${of}`,
          moment.map((value) => value / (1 - 0.9)),
          gradient,
        );
      }
    },
  );
});

const world = planted({ seed: 8, images: 500, texts: 400, dimension: 16, concepts: 48, active: 4 }).data;
const set = { rows: 900, dimension: 16 };
const options = { concepts: 64, k: 4, epochs: 30, batch: 50, seed: 2, heldOut: 0 };

async function learn(name: string, more: Record<string, unknown> = {}): Promise<Dictionary> {
  const learner = learnerNamed(name);
  const fitted = await learner.fit(world, learner.configure({ ...options, ...more }, set), {
    backend: createReferenceBackend(),
    progress: () => {},
    log: () => {},
  });
  return fitted.dictionary;
}

/** R² of reconstructions that use the codes of the chosen concepts alone, images and texts pooled. */
async function r2With(dictionary: Dictionary, chosen: ReadonlySet<number>): Promise<number> {
  const { dimension: d, atoms, biases } = dictionary;
  const codes = [];
  const rows = new Float32Array(set.rows * d);
  let at = 0;
  for (const modality of modalities) {
    const source = world[modality];
    await source.readRange(0, source.rows, rows, at);
    at += source.rows * d;
    codes.push(await encodeRows(dictionary, source, modality, createReferenceBackend()));
  }
  const all = stackCodes(codes, dictionary.concepts);
  const mean = Float64Array.from({ length: d }, (_, t) => {
    let sum = 0;
    for (let i = 0; i < set.rows; i++) sum += rows[i * d + t] / set.rows;
    return sum;
  });
  let error = 0;
  let spread = 0;
  for (let i = 0; i < set.rows; i++) {
    const left = rows.slice(i * d, (i + 1) * d).map((value, t) => value - biases.image.decoderBias[t]);
    for (let e = all.rowStart[i]; e < all.rowStart[i + 1]; e++) {
      const j = all.concept[e];
      if (chosen.has(j)) for (let t = 0; t < d; t++) left[t] -= all.value[e] * atoms[j * d + t];
    }
    for (let t = 0; t < d; t++) {
      error += left[t] ** 2;
      spread += (rows[i * d + t] - mean[t]) ** 2;
    }
  }
  return 1 - error / spread;
}

const first = (width: number): Set<number> => new Set(Array.from({ length: width }, (_, j) => j));

describe("the prefixes of matryoshka", () => {
  it.each([undefined, "sampled"])("each reconstruct, better than other concepts do: %s", async (prefixes) => {
    const nested = await learn("matryoshka", prefixes === undefined ? {} : { prefixes });
    const plain = await learn("batch-topk");
    const reached: number[] = [];
    for (const width of [8, 16, 32, 64]) {
      const r2 = await r2With(nested, first(width));
      reached.push(r2);
      if (width === 64) continue;
      expect(r2).toBeGreaterThan((await r2With(plain, first(width))) + 0.05);
      const random = Random.of(width, "other concepts");
      for (let draw = 0; draw < 5; draw++) {
        const others = new Set(random.permutation(64).subarray(0, width));
        expect(r2).toBeGreaterThan(await r2With(nested, others));
      }
    }
    expect(reached).toEqual(reached.toSorted((a, b) => a - b));
    expect(reached[0]).toBeGreaterThan(0.1);
    expect(reached[3]).toBeGreaterThan(0.6);
  });

  it("are the asked widths and the whole, or drawn for each step", () => {
    const widths = (prefixes?: string): unknown =>
      resolveConfig({ concepts: 64, ...(prefixes && { prefixes }) }, set, matryoshka).prefixes;
    expect(widths()).toEqual([4, 8, 16, 32, 64]);
    expect(widths("10,20")).toEqual([10, 20, 64]);
    const config = resolveConfig({ concepts: 64, prefixes: "sampled" }, set, matryoshka);
    expect(prefixesOf(config, 7)).toEqual(prefixesOf(config, 7));
    const seen = Array.from({ length: 200 }, (_, step) => prefixesOf(config, step));
    expect(seen.every((one) => one.at(-1) === 64 && one[0] >= 1 && one.length <= 5)).toBe(true);
    expect(new Set(seen.flat()).size).toBeGreaterThan(40);
    for (const wrong of ["20,10", "0,4", "8,65", "half", "1.5", "1,2,3,4,5,6,7"]) {
      expect(() => widths(wrong), wrong).toThrow(`prefixes is "${wrong}"`);
    }
    expect(() => learnerNamed("topk").configure({ prefixes: "4" }, set)).toThrow("topk has none");
  });
});

describe("gated", () => {
  it("leaves scales and thresholds of untouched concepts alone where updates are lazy", async () => {
    const [d, concepts, rows] = [16, 64, 8];
    const config = resolveConfig(
      { concepts, k: 2, batch: rows, lazy: true },
      { rows: 900, dimension: d },
      gated,
    );
    const backend = createReferenceBackend();
    const parameters = allocateParameters(backend, concepts, d, { logScale: true });
    const random = Random.of(3, "lazy gates");
    const normals = (count: number, size: number): Float32Array =>
      Float32Array.from({ length: count }, () => size * random.normal());
    backend.write(parameters.encoder.values, normals(concepts * d, 0.3));
    backend.write(parameters.atoms.values, normals(concepts * d, 0.25));
    backend.write(parameters.encoderBias.values, new Float32Array(concepts).fill(-2.5));
    backend.write(parameters.thresholds.values, new Float32Array(concepts).fill(0.5));
    const stepper = createStepper(backend, config, parameters, gated.begin(config, parameters, 1));
    const moving = [parameters.encoderBias, parameters.thresholds, parameters.logScale!];
    const read = (): Promise<Float32Array[]> => Promise.all(moving.map(({ values }) => backend.read(values)));
    let before = await read();
    for (let step = 0; step < 5; step++) {
      await stepper.step(normals(rows * d, 1), step, 0.01);
      const after = await read();
      const moved = after.map((values, p) => values.map((value, j) => (value === before[p][j] ? 0 : 1)));
      expect(moved[1]).toEqual(moved[0]);
      expect(moved[2]).toEqual(moved[0]);
      expect(moved[0]).toContain(0);
      expect(moved[0]).toContain(1);
      before = after;
    }
  });

  it("shrinks codes less than relu does at the same L0", async () => {
    const all = first(64);
    const [gate, plain] = [await learn("gated"), await learn("relu")];
    expect(await r2With(gate, all)).toBeGreaterThan((await r2With(plain, all)) + 0.02);
  });
});
