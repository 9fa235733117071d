import { expect, it } from "vitest";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { encodeRows } from "../codes.ts";
import { fitFixture, fixtureRows, rebuiltRows, reference, x } from "../testing/components.ts";
import { identity } from "./identity.ts";
import { random } from "./random.ts";

const { rows, dimension } = reference;

it.each([identity, random])("$name with c = d rebuilds every row", async (learner) => {
  const { dictionary } = (await fitFixture(learner, { concepts: dimension })).fitted;
  const rebuilt = await rebuiltRows(dictionary, 50);
  for (let e = 0; e < rebuilt.length; e++) expect(Math.abs(rebuilt[e] - x[e])).toBeLessThan(1e-3);
});

it("random with c < d leaves a residual that is orthogonal to every atom", async () => {
  const { dictionary } = (await fitFixture(random, { concepts: 5 })).fitted;
  const rebuilt = await rebuiltRows(dictionary, 50);
  let residual = 0;
  for (let i = 0; i < 50; i++) {
    for (let j = 0; j < 5; j++) {
      let along = 0;
      for (let t = 0; t < dimension; t++) {
        along += (x[i * dimension + t] - rebuilt[i * dimension + t]) * dictionary.atoms[j * dimension + t];
      }
      expect(Math.abs(along)).toBeLessThan(1e-3);
    }
  }
  for (let e = 0; e < rebuilt.length; e++) residual += (x[e] - rebuilt[e]) ** 2;
  expect(residual / 50).toBeGreaterThan(1);
});

it("random with c > d keeps the k largest positive inner products of centred rows", async () => {
  const { fitted } = await fitFixture(random, { concepts: 40, k: 3 });
  const { dictionary, preparation } = fitted;
  const codes = await encodeRows(dictionary, fixtureRows().image, "image", createReferenceBackend());
  for (let i = 0; i < 20; i++) {
    const products = Array.from({ length: 40 }, (_, j) => {
      let along = 0;
      for (let t = 0; t < dimension; t++) {
        along += (x[i * dimension + t] - preparation.mean.image[t]) * dictionary.atoms[j * dimension + t];
      }
      return { j, along };
    });
    products.sort((a, b) => b.along - a.along);
    const kept = products.slice(0, 3).sort((a, b) => a.j - b.j);
    kept.forEach(({ j, along }, at) => {
      expect(codes.concept[codes.rowStart[i] + at]).toBe(j);
      expect(codes.value[codes.rowStart[i] + at]).toBeCloseTo(along, 3);
    });
  }
});

it("the floors refuse what has no meaning, in one line", () => {
  const set = { rows, dimension };
  expect(() => identity.configure({ concepts: 13 }, set)).toThrow("identity finds at most 12");
  expect(() => random.configure({ concepts: 5, k: 2 }, set)).toThrow("leave it out");
  expect(() => random.configure({ concepts: 20, k: 21 }, set)).toThrow("k is 21 of 20 concepts");
});
