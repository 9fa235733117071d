import { expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { gram } from "../../linalg/gram.ts";
import { encodeRows } from "../codes.ts";
import { centredFixture, fitFixture, fixtureRows, rebuiltRows, reference } from "../testing/components.ts";
import { sparseComponents } from "./sparse-components.ts";
import { sparsePca } from "./sparse-pca.ts";

const { rows, dimension: d, concepts: c, sparsePca: expected } = reference;

it("reaches scikit-learn's objective within 1e-4, falling in every turn, and its components within 1e-2", () => {
  const objectives: number[] = [];
  const { components, objective, ended } = sparseComponents({
    products: gram(centredFixture(), rows, d),
    dimension: d,
    concepts: c,
    l1: expected.l1,
    iterations: 2000,
    tolerance: 1e-10,
    random: Random.of(0),
    observe: (_step, value) => objectives.push(value),
  });
  expect(ended).toBe("converged");
  expect(Math.abs(objective / expected.objective - 1)).toBeLessThan(1e-4);
  objectives.forEach((value, i) => {
    if (i > 0) expect(value).toBeLessThanOrEqual(objectives[i - 1] * (1 + 1e-12));
  });
  for (let j = 0; j < c; j++) {
    const row = components.subarray(j * d, (j + 1) * d);
    const norm = Math.hypot(...row);
    for (let t = 0; t < d; t++) {
      expect(Math.abs(row[t] / norm - expected.components[j * d + t])).toBeLessThan(1e-2);
      expect(row[t] === 0).toBe(expected.components[j * d + t] === 0);
    }
  }
});

it("codes and rebuilds rows as scikit-learn does", async () => {
  const { fitted } = await fitFixture(sparsePca, { l1: expected.l1, tolerance: 1e-10, iterations: 2000 });
  const { dictionary } = fitted;
  const backend = createReferenceBackend();
  const { value: codes } = await encodeRows(dictionary, fixtureRows().image, "image", backend);
  expected.codes.forEach((value, e) => expect(Math.abs(codes[e] - value)).toBeLessThan(0.05));
  const rebuilt = await rebuiltRows(dictionary, 5);
  expected.rebuilt.forEach((value, e) => expect(Math.abs(rebuilt[e] - value)).toBeLessThan(0.02));
});

it("has more zeros under a larger penalty, and says where components come out empty", async () => {
  const zeros = async (l1: number): Promise<number> => {
    const { atoms } = (await fitFixture(sparsePca, { l1 })).fitted.dictionary;
    return atoms.filter((value) => value === 0).length;
  };
  expect(await zeros(5)).toBeGreaterThan(await zeros(0.5));
  const { notes } = (await fitFixture(sparsePca, { l1: 1000 })).fitted;
  expect(notes.join()).toContain("4 of 4 components are empty and never active; lower l1 (now 1000)");
});
