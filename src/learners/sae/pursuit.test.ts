/**
 * Pursuits against overcomplete's on one dictionary (its plain pursuit never stops, its orthogonal
 * one solves least squares by 20,000 steps of projected gradient), scikit-learn's orthogonal
 * matching pursuit on the rows where its signed codes stay positive, and PyTorch's autograd through
 * the steps of training. Fixture: test/fixtures/make/pursuit.py. Codes within 2e-4, trained weights
 * within 1e-4.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import { rowsInMemory } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { decodeCodes, encodeRows } from "../codes.ts";
import type { Dictionary } from "../dictionary.ts";
import { tiedEncoderBias } from "../fold.ts";
import { jointRows } from "../joint-rows.ts";
import { measurePreparation } from "../preparation.ts";
import { learnerNamed } from "../registry.ts";
import { resolveConfig } from "./config.ts";
import { allocateParameters, type Parameters } from "./parameters.ts";
import { matchingPursuit, orthogonalMatchingPursuit } from "./pursuit.ts";
import { createReviver } from "./revive.ts";
import { createStepper } from "./step.ts";

interface Fixture {
  readonly rows: number;
  readonly dimension: number;
  readonly concepts: number;
  readonly k: number;
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly atoms: number[];
  readonly x: number[];
  readonly codes: Record<"matching" | "orthogonal" | "signed", number[]>;
  readonly training: readonly {
    readonly orthogonal: boolean;
    readonly decoderBias: number[];
    readonly steps: readonly {
      readonly x: number[];
      readonly loss: number;
      readonly atoms: number[];
      readonly decoderBias: number[];
    }[];
  }[];
}

const file = new URL("../../../test/fixtures/learners/pursuit.json", import.meta.url);
const fixture = JSON.parse(readFileSync(file, "utf8")) as Fixture;
const { rows, dimension: d, concepts: c, k } = fixture;
const atoms = Float32Array.from(fixture.atoms);
const x = Float32Array.from(fixture.x);

function dictionaryOf(orthogonal: boolean, steps: number, decoderBias = new Float32Array(d)): Dictionary {
  const bias = { encoderBias: tiedEncoderBias(atoms, decoderBias), decoderBias };
  return {
    dimension: d,
    concepts: c,
    atoms,
    encoder: atoms,
    activation: { kind: "pursuit", k: steps, orthogonal },
    biases: { image: bias, text: bias },
  };
}

async function codesOf(dictionary: Dictionary, of = x): Promise<SparseCodes> {
  return encodeRows(dictionary, rowsInMemory(of, d), "image", createReferenceBackend());
}

function dense(codes: SparseCodes): Float32Array {
  const out = new Float32Array(codes.rows * c);
  for (let i = 0; i < codes.rows; i++) {
    for (let e = codes.rowStart[i]; e < codes.rowStart[i + 1]; e++) {
      out[i * c + codes.concept[e]] = codes.value[e];
    }
  }
  return out;
}

/** What the codes leave of every row. */
async function residuals(dictionary: Dictionary): Promise<Float32Array> {
  const rebuilt = decodeCodes(await codesOf(dictionary), dictionary, "image");
  return x.map((value, t) => value - rebuilt[t]);
}

const norms = (of: Float32Array): number[] =>
  Array.from({ length: of.length / d }, (_, i) => Math.hypot(...of.subarray(i * d, (i + 1) * d)));

function within(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(expected.length);
  for (let t = 0; t < got.length; t++) {
    if (!(Math.abs(got[t] - expected[t]) <= tolerance)) {
      expect.fail(`number ${t} is ${got[t]}; the other implementation has ${expected[t]}`);
    }
  }
}

describe("pursuits", () => {
  it("code as overcomplete's MpSAE and OMPSAE", async () => {
    within(dense(await codesOf(dictionaryOf(false, k))), fixture.codes.matching, 2e-4);
    within(dense(await codesOf(dictionaryOf(true, k))), fixture.codes.orthogonal, 2e-4);
  });

  it("code as scikit-learn's orthogonal matching pursuit where that has positive codes alone", async () => {
    const ours = dense(await codesOf(dictionaryOf(true, k)));
    let compared = 0;
    for (let i = 0; i < rows; i++) {
      const signed = fixture.codes.signed.slice(i * c, (i + 1) * c);
      const mine = ours.subarray(i * c, (i + 1) * c);
      const support = signed.map((value, j) => (value === 0) === (mine[j] === 0));
      if (signed.some((value) => value < 0) || !support.every(Boolean)) continue;
      within(mine, signed, 2e-4);
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });

  it("take decoder biases off the rows first", async () => {
    const offset = Float32Array.from({ length: d }, (_, t) => 0.3 - 0.05 * t);
    const shifted = x.map((value, t) => value + offset[t % d]);
    for (const orthogonal of [false, true]) {
      const codes = await codesOf(dictionaryOf(orthogonal, k, offset), shifted);
      within(dense(codes), dense(await codesOf(dictionaryOf(orthogonal, k))), 2e-5);
    }
  });

  it("leave less of every row with every step, the orthogonal one less in all", async () => {
    for (let steps = 1; steps < 10; steps++) {
      const sums: number[] = [];
      for (const orthogonal of [false, true]) {
        const before = norms(await residuals(dictionaryOf(orthogonal, steps)));
        const after = norms(await residuals(dictionaryOf(orthogonal, steps + 1)));
        after.forEach((norm, i) => expect(norm).toBeLessThanOrEqual(before[i] + 1e-6));
        sums.push(after.reduce((sum, norm) => sum + norm ** 2, 0));
      }
      expect(sums[1]).toBeLessThanOrEqual(sums[0]);
    }
  });

  it("leave nothing along the atoms of an orthogonal pursuit's support, and never a negative code", async () => {
    const dictionary = dictionaryOf(true, 8);
    const codes = await codesOf(dictionary);
    const left = await residuals(dictionary);
    expect(codes.value.length).toBeGreaterThan(rows);
    for (let i = 0; i < rows; i++) {
      for (let e = codes.rowStart[i]; e < codes.rowStart[i + 1]; e++) {
        let along = 0;
        for (let t = 0; t < d; t++) along += left[i * d + t] * atoms[codes.concept[e] * d + t];
        expect(Math.abs(along)).toBeLessThan(1e-5);
        expect(codes.value[e]).toBeGreaterThan(0);
      }
    }
  });

  it("leave atoms that repeat others without a code", async () => {
    const twice = Float32Array.from(atoms);
    twice.set(atoms.subarray(0, d), d);
    const bias = { encoderBias: new Float32Array(c), decoderBias: new Float32Array(d) };
    const dictionary = { ...dictionaryOf(true, 12), atoms: twice, encoder: twice };
    const codes = dense(await codesOf({ ...dictionary, biases: { image: bias, text: bias } }));
    for (let i = 0; i < rows; i++) expect(Math.min(codes[i * c], codes[i * c + 1])).toBe(0);
    expect(codes.every(Number.isFinite)).toBe(true);
  });
});

/** A run of the fixture's size from its start; no dead concepts within so few steps. */
async function started(backend: Backend, orthogonal: boolean, decoderBias: number[]) {
  const method = orthogonal ? orthogonalMatchingPursuit : matchingPursuit;
  const { beta1, beta2, rate: lr } = fixture;
  const given = { concepts: c, k, batch: rows, lr, beta1, beta2, heldOut: 0, deadAfter: 1e6 };
  const config = resolveConfig(given, { rows: 10 * rows, dimension: d }, method);
  const parameters: Parameters = allocateParameters(backend, c, d, { tied: true });
  backend.write(parameters.atoms.values, atoms);
  backend.write(parameters.decoderBias.values, Float32Array.from(decoderBias));
  backend.write(parameters.encoderBias.values, tiedEncoderBias(atoms, Float32Array.from(decoderBias)));
  const run = method.begin(config, parameters, 0);
  const stepper = createStepper(backend, config, parameters, run);
  return { stepper, parameters, config, run };
}

describe.each(fixture.training.map((one) => [one.orthogonal ? "orthogonal" : "plain", one] as const))(
  "%s training",
  (_, { orthogonal, decoderBias, steps }) => {
    it("follows PyTorch's autograd", async () => {
      const backend = createReferenceBackend();
      const { stepper, parameters } = await started(backend, orthogonal, decoderBias);
      expect(steps.length).toBe(3);
      for (const [index, expected] of steps.entries()) {
        const { loss } = await stepper.step(Float32Array.from(expected.x), index, fixture.rate);
        expect(Math.abs(loss - expected.loss)).toBeLessThan(1e-4);
        within(await backend.read(parameters.atoms.values), expected.atoms, 1e-4);
        within(await backend.read(parameters.decoderBias.values), expected.decoderBias, 1e-4);
      }
    });
  },
);

it("dead concepts of a pursuit learn from what rows' pursuits left", async () => {
  const backend = createReferenceBackend();
  const random = Random.of(1, "rows");
  const { stepper, parameters } = await started(backend, false, new Array<number>(d).fill(0));
  const dead = new Uint32Array(c);
  dead.fill(2e6, 0, 2);
  backend.write(parameters.rowsSinceActive, dead);
  const batch = Float32Array.from({ length: rows * d }, () => random.normal());
  const { auxiliaryLoss, loss, dead: counted } = await stepper.step(batch, 0, fixture.rate);
  expect(counted).toBe(2);
  expect(auxiliaryLoss).toBeLessThan(loss);
});

it("revived concepts of a pursuit keep the encoder bias that belongs to their atoms", async () => {
  const backend = createReferenceBackend();
  const { parameters, config, run } = await started(backend, false, fixture.training[0].decoderBias);
  const dead = new Uint32Array(c);
  dead.fill(2e6, 0, 2);
  backend.write(parameters.rowsSinceActive, dead);
  const source = jointRows({
    dimension: d,
    image: rowsInMemory(x, d),
    text: rowsInMemory(new Float32Array(0), d),
    pairs: { image: new Uint32Array(0), text: new Uint32Array(0) },
  });
  const train = Uint32Array.from({ length: rows }, (_, i) => i);
  const preparation = await measurePreparation(source, train, "none", false);
  const reviver = createReviver(backend, config, source, train, preparation, parameters, run);
  expect(await reviver.revive(7)).toBe(2);
  const moved = await backend.read(parameters.atoms.values);
  expect(moved.subarray(0, d)).not.toEqual(atoms.subarray(0, d));
  const bias = await backend.read(parameters.decoderBias.values);
  expect(await backend.read(parameters.encoderBias.values)).toEqual(tiedEncoderBias(moved, bias));
  reviver.free();
});

it("pursuits take whole numbers of steps alone", () => {
  const learner = learnerNamed("matching-pursuit");
  expect(() => learner.configure({ k: 2.5 }, { rows: 1000, dimension: 24 })).toThrow("needs a whole number");
});
