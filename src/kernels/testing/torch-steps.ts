/**
 * Training steps against PyTorch's autograd and Adam (test/fixtures/make/kernels.py), within 2e-5
 * absolute plus 1e-4 relative.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Backend, Floats, GradientTerm, Selection } from "../backend.ts";
import { expectClose } from "./conformance.ts";
import { floatsFrom, integersFrom } from "./problem.ts";

const names = ["encoder", "encoderBias", "atoms", "decoderBias", "thresholds"] as const;
type Values = Record<(typeof names)[number], number[]>;

interface Fixture {
  readonly rows: number;
  readonly dimension: number;
  readonly concepts: number;
  readonly scale: number;
  readonly auxiliaryScale: number;
  readonly listed: number[];
  readonly rate: number;
  readonly thresholdRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly bandwidth: number;
  readonly penalty: number;
  readonly thresholdPenalty: number;
  readonly clipNorm: number;
  readonly cases: readonly {
    readonly kind: "topk" | "batch-topk" | "jumprelu" | "relu";
    readonly start: Values;
    readonly steps: readonly (Values & {
      readonly x: number[];
      readonly codes: number[];
      readonly squaredError: number;
      readonly auxiliaryError: number;
      readonly gradientNorm: number;
    })[];
  }[];
}

const file = new URL("../../../test/fixtures/kernels/train-steps.json", import.meta.url);
const fixture = JSON.parse(readFileSync(file, "utf8")) as Fixture;

/** The case's training, every step's results compared on the way. */
async function follow(backend: Backend, chosen: Fixture["cases"][number]): Promise<void> {
  const { rows, dimension, concepts, scale, auxiliaryScale, rate, beta1, beta2, epsilon, bandwidth } =
    fixture;
  const { kind } = chosen;
  const state = Object.fromEntries(
    names.map((name) => {
      const values = floatsFrom(backend, Float32Array.from(chosen.start[name]));
      const moments = { first: backend.floats(values.length), second: backend.floats(values.length) };
      return [name, { values, moments }];
    }),
  ) as Record<(typeof names)[number], { values: Floats; moments: { first: Floats; second: Floats } }>;
  const selections: Record<typeof kind, Selection> = {
    topk: { kind: "topk", k: 3 },
    "batch-topk": { kind: "batch-topk", total: 2 * rows },
    jumprelu: { kind: "threshold", thresholds: state.thresholds.values, window: bandwidth },
    relu: { kind: "positive" },
  };
  const [codes, extra] = [backend.codes(rows, concepts), backend.codes(rows, concepts)];
  const [residual, other] = [backend.floats(rows * dimension), backend.floats(rows * dimension)];
  const listed = integersFrom(backend, Uint32Array.from(fixture.listed));
  const x = backend.floats(rows * dimension);
  for (const [index, expected] of chosen.steps.entries()) {
    const at = `step ${index + 1}`;
    backend.write(x, Float32Array.from(expected.x));
    const common = { rows, dimension, atoms: state.atoms.values };
    await backend.encode({
      x,
      rows,
      dimension,
      encoder: state.encoder.values,
      encoderBias: state.encoderBias.values,
      concepts,
      selection: selections[kind],
      codes,
      ...(kind === "topk" && { auxiliary: { listed, count: fixture.listed.length, k: 2, codes: extra } }),
    });
    const { squaredError } = await backend.reconstruct({
      ...common,
      codes,
      decoderBias: state.decoderBias.values,
      target: x,
      residual,
      residualScale: -1,
      gradient: { scale, penalty: kind === "relu" ? fixture.penalty : 0 },
    });
    expectClose(`${at}: squared error`, [squaredError], [expected.squaredError]);
    const found = await backend.readCodes(codes, rows);
    const dense = new Float32Array(rows * concepts);
    for (let i = 0; i < rows; i++) {
      for (let e = found.rowStart[i]; e < found.rowStart[i + 1]; e++) {
        dense[i * concepts + found.concept[e]] = found.value[e];
      }
    }
    expectClose(`${at}: codes`, dense, expected.codes);
    const terms: GradientTerm[] = [{ codes, residual, scale: -scale }];
    if (kind === "topk") {
      const auxiliary = await backend.reconstruct({
        ...common,
        codes: extra,
        target: residual,
        residual: other,
        gradient: { scale: auxiliaryScale },
      });
      expectClose(`${at}: auxiliary error`, [auxiliary.squaredError], [expected.auxiliaryError]);
      terms.push({ codes: extra, residual: other, scale: auxiliaryScale });
    }
    const { gradientNorm } = await backend.update({
      x,
      rows,
      dimension,
      concepts,
      terms,
      adam: { rate, beta1, beta2, epsilon, step: index + 1 },
      encoder: state.encoder,
      encoderBias: state.encoderBias,
      atoms: state.atoms,
      decoderBias: state.decoderBias,
      clipNorm: kind === "topk" ? fixture.clipNorm : 1e9,
      ...(kind === "jumprelu" && {
        thresholds: {
          ...state.thresholds,
          bandwidth,
          penalty: fixture.thresholdPenalty,
          rate: fixture.thresholdRate,
        },
      }),
    });
    expectClose(`${at}: gradient norm`, [gradientNorm], [expected.gradientNorm]);
    for (const name of names) {
      expectClose(`${at}: ${name}`, await backend.read(state[name].values), expected[name]);
    }
  }
}

export function followsTorch(name: string, create: () => Promise<Backend>): void {
  describe(`${name} trains as PyTorch does`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await create();
    });
    afterAll(async () => {
      await backend.close();
    });
    it.each(fixture.cases.map((one) => [one.kind, one] as const))("%s", async (_, chosen) => {
      expect(chosen.steps.length).toBe(3);
      await follow(backend, chosen);
    });
  });
}
