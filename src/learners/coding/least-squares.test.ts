/** Least-squares codes against scipy's nnls and scikit-learn's lasso. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { createCoder } from "../codes.ts";
import type { Activation, Dictionary } from "../dictionary.ts";
import { checkGramConcepts } from "./least-squares.ts";

const { codes: expected } = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/learners/nonnegative.json", import.meta.url), "utf8"),
) as { codes: Record<"rows" | "few" | "many" | "nnls" | "lasso" | "positiveLasso", number[]> };

const dimension = 12;

function dictionaryOf(atoms: Float32Array, activation: Activation, offset = 0): Dictionary {
  const concepts = activation.kind === "least-squares" ? atoms.length / dimension : 0;
  const biases = {
    encoderBias: new Float32Array(concepts),
    decoderBias: new Float32Array(dimension).fill(offset),
  };
  return {
    dimension,
    concepts,
    atoms,
    encoder: atoms,
    activation,
    biases: { image: biases, text: biases },
  };
}

async function denseCodes(dictionary: Dictionary, rows: Float32Array): Promise<number[]> {
  const count = rows.length / dimension;
  const coder = createCoder(dictionary, "image", createReferenceBackend(), count);
  const { rowStart, concept, value } = await coder.encode(rows, count);
  coder.free();
  const dense = Array.from({ length: count * dictionary.concepts }, () => 0);
  for (let i = 0; i < count; i++) {
    for (let e = rowStart[i]; e < rowStart[i + 1]; e++)
      dense[i * dictionary.concepts + concept[e]] = value[e];
  }
  return dense;
}

function expectNear(got: readonly number[], wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, e) =>
    expect(Math.abs(value - wanted[e]), `code ${e}: ${value}, wanted ${wanted[e]}`).toBeLessThan(2e-3),
  );
}

describe("least-squares codes", () => {
  const rows = Float32Array.from(expected.rows);
  const few = Float32Array.from(expected.few);
  const many = Float32Array.from(expected.many);

  it("are those of scipy's nnls without a penalty", async () => {
    const dictionary = dictionaryOf(few, { kind: "least-squares", positive: true, l1: 0 });
    expectNear(await denseCodes(dictionary, rows), expected.nnls);
  });

  it.each([
    [false, expected.lasso],
    [true, expected.positiveLasso],
  ])("are those of scikit-learn's lasso with one, positive %s", async (positive, wanted) => {
    const dictionary = dictionaryOf(many, { kind: "least-squares", positive, l1: 0.4 });
    expectNear(await denseCodes(dictionary, rows), wanted);
  });

  it("take the decoder's bias off first", async () => {
    const dictionary = dictionaryOf(many, { kind: "least-squares", positive: true, l1: 0.4 }, 0.5);
    const raised = rows.map((value) => value + 0.5);
    expectNear(await denseCodes(dictionary, raised), expected.positiveLasso);
  });

  it("approximate positive and negative parts side by side when the activation has parts", async () => {
    // With parts whose negative halves are empty, only the rows' positive halves count.
    const parts = new Float32Array(8 * 2 * dimension);
    for (let j = 0; j < 8; j++) {
      const atom = few.subarray(j * dimension, (j + 1) * dimension).map(Math.abs);
      parts.set(atom, j * 2 * dimension);
    }
    const split = dictionaryOf(few, { kind: "least-squares", positive: true, l1: 0, parts });
    const whole = dictionaryOf(few.map(Math.abs), { kind: "least-squares", positive: true, l1: 0 });
    expectNear(
      await denseCodes(split, rows),
      await denseCodes(
        whole,
        rows.map((value) => Math.max(0, value)),
      ),
    );
  });

  it("need a Gram matrix, and say so when it would be too large", () => {
    expect(() => checkGramConcepts(16_385)).toThrow("expected at most 16384 concepts");
  });
});
