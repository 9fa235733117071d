import { expect, it } from "vitest";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { gram } from "../../linalg/gram.ts";
import { gramProduct } from "../../linalg/gram-product.ts";
import { encodeRows } from "../codes.ts";
import {
  centredFixture,
  fitFixture,
  fixtureRows,
  largestAngle,
  reference,
  x,
} from "../testing/components.ts";
import { pca } from "./pca.ts";
import { singularDirections } from "./singular-directions.ts";
import { svd } from "./svd.ts";

const { rows, dimension, concepts } = reference;

it.each([
  { learner: pca, expected: reference.pca },
  { learner: svd, expected: reference.svd },
])(
  "$learner.name finds scikit-learn's components, signs and codes within 1e-4",
  async ({ learner, expected }) => {
    const { dictionary } = (await fitFixture(learner)).fitted;
    expect(largestAngle(dictionary.atoms, expected.components, concepts, dimension)).toBeLessThan(1e-4);
    expected.components.forEach((value, e) =>
      expect(Math.abs(dictionary.atoms[e] - value)).toBeLessThan(1e-4),
    );
    const { value } = await encodeRows(dictionary, fixtureRows().image, "image", createReferenceBackend());
    expected.codes.forEach((code, e) => expect(Math.abs(value[e] - code)).toBeLessThan(1e-3));
  },
);

it("svd's singular values are scikit-learn's within 1e-5 of each", async () => {
  const of = { rows, dimension, count: concepts };
  const { values } = await singularDirections(createReferenceBackend(), x, of);
  reference.svd.singularValues.forEach((value, i) =>
    expect(Math.abs(values[i] / value - 1)).toBeLessThan(1e-5),
  );
});

it("pca's explained variance and its share are scikit-learn's within 1e-5", async () => {
  const of = { rows, dimension, count: concepts };
  const { values, squares } = await singularDirections(createReferenceBackend(), centredFixture(), of);
  const { explainedVariance, explainedVarianceRatio } = reference.pca;
  for (let i = 0; i < concepts; i++) {
    const square = values[i] ** 2;
    expect(Math.abs(square / (rows - 1) / explainedVariance[i] - 1)).toBeLessThan(1e-5);
    expect(Math.abs(square / squares / explainedVarianceRatio[i] - 1)).toBeLessThan(1e-5);
  }
});

it("the Gram matrix in float32 blocks is that of float64 sums, over several blocks too", async () => {
  const many = new Float32Array(17 * x.length);
  for (let i = 0; i < 17; i++) many.set(x, i * x.length);
  const exact = gram(many, 17 * rows, dimension);
  const found = await gramProduct(createReferenceBackend(), many, 17 * rows, dimension);
  const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  exact.forEach((value, e) => expect(Math.abs(found[e] - value)).toBeLessThan(1e-6 * largest));
});

it("refuse more components than there are dimensions or rows, in one line", () => {
  for (const learner of [pca, svd]) {
    const many = { rows: 100, dimension: 8 };
    expect(() => learner.configure({ concepts: 9 }, many)).toThrow(
      `concepts is 9; ${learner.name} finds at most 8`,
    );
    const few = { rows: 6, dimension: 8 };
    expect(() => learner.configure({ concepts: 6 }, few)).toThrow(
      `concepts is 6; ${learner.name} finds at most 5`,
    );
  }
});
