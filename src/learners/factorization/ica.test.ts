import { describe, expect, it } from "vitest";
import { silent } from "../../base/progress.ts";
import { Random } from "../../base/random.ts";
import { rowsInMemory, type EmbeddingRows } from "../../base/rows.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { encodeRows } from "../codes.ts";
import { centredFixture, fitFixture, fixtureRows, rebuiltRows, reference } from "../testing/components.ts";
import { fastIca, tanh, type Unmixed } from "./fast-ica.ts";
import { ica } from "./ica.ts";

const { rows, dimension: d, concepts: c, ica: expected } = reference;

const limits = { iterations: 1000, tolerance: 1e-10, observe: () => undefined };

function unmixed(start: readonly number[]): Promise<Unmixed> {
  const of = { x: centredFixture(), rows, dimension: d, concepts: c, start: Float64Array.from(start) };
  return fastIca(createReferenceBackend(), { ...of, ...limits });
}

/** Amari distance of U·Mᵀ from a scaled permutation, 0 to 1. */
function amari(unmixing: ArrayLike<number>, mixing: (component: number, axis: number) => number): number {
  const product = Array.from({ length: c }, (_, i) =>
    Array.from({ length: c }, (_, j) => {
      let sum = 0;
      for (let t = 0; t < d; t++) sum += unmixing[i * d + t] * mixing(j, t);
      return Math.abs(sum);
    }),
  );
  const excess = (of: number[]): number => of.reduce((a, b) => a + b, 0) / Math.max(...of) - 1;
  let sum = 0;
  for (let i = 0; i < c; i++) sum += excess(product[i]) + excess(product.map((row) => row[i]));
  return sum / (2 * c * (c - 1));
}

describe("FastICA", () => {
  it("from scikit-learn's start finds its unmixing and mixing, order and signs too, within 1e-3", async () => {
    const { unmixing, mixing, ended } = await unmixed(expected.start);
    expect(ended).toBe("converged");
    const most = Math.max(...expected.components.map(Math.abs));
    expected.components.forEach((value, e) =>
      expect(Math.abs(unmixing[e] - value)).toBeLessThan(1e-3 * most),
    );
    // scikit-learn's mixing is d x c.
    for (let j = 0; j < c; j++) {
      for (let t = 0; t < d; t++) {
        expect(Math.abs(mixing[j * d + t] - expected.mixing[t * c + j])).toBeLessThan(1e-3);
      }
    }
  });

  it("from another start finds the same sources up to order and sign: Amari distance below 0.01", async () => {
    const other = expected.start.map((_, e) => expected.start[(e * 7 + 3) % (c * c)]);
    const { unmixing } = await unmixed(other);
    expect(amari(unmixing, (j, t) => expected.mixing[t * c + j])).toBeLessThan(0.01);
    const { initialMixing } = await unmixed(other);
    expect(amari(expected.components, (j, t) => initialMixing[j * d + t])).toBeGreaterThan(0.1);
  });

  it("has a tanh within 4e-7 of the exact one", () => {
    for (let value = -12; value <= 12; value += 0.0137) {
      expect(Math.abs(tanh(value) - Math.tanh(value))).toBeLessThan(4e-7);
    }
  });
});

it("ica's codes are scikit-learn's sources times their atoms' lengths, and x̂ is its inverse transform", async () => {
  const { dictionary } = (await fitFixture(ica, { seed: 1, tolerance: 1e-10, iterations: 1000 })).fitted;
  const rebuilt = await rebuiltRows(dictionary, 5);
  expected.rebuilt.forEach((value, e) => expect(Math.abs(rebuilt[e] - value)).toBeLessThan(1e-3));
  const { value: codes } = await encodeRows(
    dictionary,
    fixtureRows().image,
    "image",
    createReferenceBackend(),
  );
  // Each of our concepts is one of scikit-learn's sources, up to sign.
  const lengths = Array.from({ length: c }, (_, j) =>
    Math.hypot(...Array.from({ length: d }, (_, t) => expected.mixing[t * c + j])),
  );
  const found = new Set<number>();
  for (let j = 0; j < c; j++) {
    for (let s = 0; s < c; s++) {
      const apart = [1, -1].map((sign) =>
        Math.max(
          ...Array.from({ length: 5 }, (_, i) =>
            Math.abs(sign * codes[i * c + j] - expected.codes[i * c + s] * lengths[s]),
          ),
        ),
      );
      if (Math.min(...apart) < 1e-2) found.add(s);
    }
  }
  expect(found.size).toBe(c);
});

describe("rows that hold less than was asked for", () => {
  /** 60 rows of 8 numbers that span `rank` dimensions around a mean. */
  const rowsOf = (rank: number): EmbeddingRows => {
    const random = Random.of(rank, "few dimensions");
    const basis = Float64Array.from({ length: rank * 8 }, () => random.normal());
    const values = new Float32Array(60 * 8).fill(3);
    for (let i = 0; i < 60; i++) {
      for (let j = 0; j < rank; j++) {
        const weight = random.uniform();
        for (let t = 0; t < 8; t++) values[i * 8 + t] += weight * basis[j * 8 + t];
      }
    }
    return {
      dimension: 8,
      image: rowsInMemory(values, 8),
      text: rowsInMemory(new Float32Array(0), 8),
      pairs: { image: new Uint32Array(0), text: new Uint32Array(0) },
    };
  };
  const context = { backend: createReferenceBackend(), progress: silent, log: () => {} };
  const config = ica.configure({ concepts: 6, iterations: 5 }, { rows: 60, dimension: 8 });

  it("are told by their rank, and give finite numbers all the same", async () => {
    const { notes, dictionary } = await ica.fit(rowsOf(3), config, context);
    expect(notes.at(-1)).toMatch(/^the 54 training rows span 3 dimensions .* the 6 concepts asked for/);
    expect(dictionary.atoms.every(Number.isFinite) && dictionary.encoder.every(Number.isFinite)).toBe(true);
    expect((await ica.fit(rowsOf(6), config, context)).notes.join()).not.toContain("span");
  });

  it("are refused where they are all the same", async () => {
    await expect(ica.fit(rowsOf(0), config, context)).rejects.toThrow(
      "the 54 training rows of 8 numbers are all the same after centring; ica expects rows that differ",
    );
  });
});

it("ica says that it did not converge, and refuses more components than dimensions or rows", async () => {
  const { fitted } = await fitFixture(ica, { iterations: 1 });
  expect(fitted.notes[0]).toContain("had not converged after 1 iterations");
  const flat = { rows: 10, dimension: d };
  expect(() => ica.configure({ concepts: 10 }, flat)).toThrow("concepts is 10; ica finds at most 9");
});
