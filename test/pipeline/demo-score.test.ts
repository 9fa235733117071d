/** A planted bridge counts as found when both nulls say so. */
import { expect, it } from "vitest";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import type { Dictionary } from "../../src/learners/dictionary.ts";
import type { Analysis } from "../../src/pipeline/analysis/analyze-dictionary.ts";
import { scoreDemo } from "../../src/pipeline/demo/score.ts";
import type { PlantedConcept, Truth } from "../../src/pipeline/demo/truth.ts";

const atoms = Float32Array.of(1, 0, 0, 1);
const planted = (side: "image" | "text"): PlantedConcept => ({
  name: side,
  factor: "colour",
  side,
  imageEnergy: side === "image" ? 1 : 0,
  textEnergy: side === "text" ? 1 : 0,
  imageRows: 1,
  textRows: 1,
});
const truth: Truth = {
  seed: 0,
  dimension: 2,
  atoms,
  concepts: [planted("image"), planted("text")],
  twins: [{ image: 0, text: 1 }],
};
const biases = { encoderBias: new Float32Array(2), decoderBias: new Float32Array(2) };
const dictionary: Dictionary = {
  dimension: 2,
  concepts: 2,
  atoms,
  encoder: atoms,
  activation: { kind: "linear" },
  biases: { image: biases, text: biases },
};

it.each([
  [{}, 1],
  [{ permutedQ: 0.2 }, 0],
  [{ shuffleQ: 0.2 }, 0],
  [{ score: -1 }, 0],
])("with %j, %i of 1 planted bridge is found", async (change, found) => {
  const bridge = {
    imageConcept: 0,
    textConcept: 1,
    coactivation: 1,
    cosine: 0.5,
    score: 0.5,
    pairs: 9,
    shuffleZ: 9,
    shuffleP: 0.001,
    shuffleQ: 0.01,
    permutedP: 0.001,
    permutedQ: 0.01,
    ...change,
  };
  const analysis = {
    concepts: [{ modalityScore: 1 }, { modalityScore: 0 }],
    bridges: { byImage: [bridge] },
  } as unknown as Pick<Analysis, "concepts" | "bridges">;
  const score = await scoreDemo(truth, dictionary, analysis, createReferenceBackend());
  expect(score).toMatchObject({ recoveredConcepts: 2, plantedBridges: 1, recoveredBridges: found });
});
