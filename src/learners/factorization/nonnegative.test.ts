/** The NMF family against scikit-learn and overcomplete, from the same starts. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rowsInMemory } from "../../base/rows.ts";
import { silent } from "../../base/progress.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { planted } from "../testing/planted.ts";
import { convexNmf, factoriseConvex } from "./convex-nmf.ts";
import { factorise, nmf } from "./nmf.ts";
import { nndsvd } from "./nndsvd.ts";
import { factoriseSigned, semiNmf } from "./semi-nmf.ts";
import { unitAtoms } from "./unit-atoms.ts";

interface Reached {
  readonly objective: number;
  readonly steps: number;
}

const fixtures = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/learners/nonnegative.json", import.meta.url), "utf8"),
) as {
  nmf: { rows: number[]; n: number; d: number; c: number; codes: number[]; atoms: number[] } & {
    cd20: Reached;
    cd: Reached;
    mu: Reached;
    nndsvda: { codes: number[]; atoms: number[] };
  };
  signed: { rows: number[]; weights: number[]; semi: number; convex: number };
};

const { n: rows, d: width, c: concepts } = fixtures.nmf;
const shape = { rows, width, concepts };
const start = { codes: Float32Array.from(fixtures.nmf.codes), atoms: Float32Array.from(fixtures.nmf.atoms) };
const backend = createReferenceBackend();
const losses: number[] = [];
const context = {
  backend,
  progress: silent,
  log: (row: Readonly<Record<string, number>>) => void losses.push(row["loss"]),
};

function objective(x: ArrayLike<number>, codes: Float32Array, atoms: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < width; t++) {
      let rebuilt = 0;
      for (let j = 0; j < concepts; j++) rebuilt += codes[i * concepts + j] * atoms[j * width + t];
      sum += 0.5 * (x[i * width + t] - rebuilt) ** 2;
    }
  }
  return sum;
}

/** No turn raises the error by more than float32 sums can say of Σx². */
function expectFalling(x: Float32Array): void {
  let squares = 0;
  for (const value of x) squares += value * value;
  losses.slice(1).forEach((loss, i) => expect(loss).toBeLessThan(losses[i] + (1e-6 * squares) / rows));
}

describe("nmf", () => {
  const x = Float32Array.from(fixtures.nmf.rows);

  it.each([
    ["cd", fixtures.nmf.cd20, 0.0001],
    ["cd", fixtures.nmf.cd, 0.01],
    ["multiplicative", fixtures.nmf.mu, 0.0001],
  ] as const)(
    "by %s reaches scikit-learn's objective in as many steps: %o",
    async (solver, wanted, within) => {
      losses.length = 0;
      const config = { solver, iterations: wanted.steps, tolerance: 0 };
      const found = await factorise(shape, x, start, config, context);
      const reached = objective(x, found.codes, found.atoms);
      expect(reached / wanted.objective).toBeGreaterThan(1 - within);
      expect(reached / wanted.objective).toBeLessThan(1 + within);
      expect((losses[losses.length - 1] * rows) / 2).toBeCloseTo(reached, 3);
      expectFalling(x);
      expect(found.codes.every((value) => value >= 0) && found.atoms.every((value) => value >= 0)).toBe(true);
    },
  );

  it("ends when the error falls no further", async () => {
    const found = await factorise(
      shape,
      x,
      start,
      { solver: "cd", iterations: 500, tolerance: 1e-4 },
      context,
    );
    expect(found.ended).toBe("converged");
    expect(found.steps).toBeLessThan(500);
  });

  it("starts where scikit-learn's nndsvda starts", async () => {
    const { codes, atoms } = await nndsvd(backend, shape, x, context);
    const { nndsvda } = fixtures.nmf;
    codes.forEach((value, e) => expect(Math.abs(value - nndsvda.codes[e])).toBeLessThan(1e-3));
    atoms.forEach((value, e) => expect(Math.abs(value - nndsvda.atoms[e])).toBeLessThan(1e-3));
  });

  it("refuses signed rows and centring in one line that names the way out", async () => {
    const { data } = planted({ seed: 1, images: 30, texts: 20, dimension: 6, concepts: 4, active: 2 });
    const set = { rows: 50, dimension: 6 };
    await expect(nmf.fit(data, nmf.configure({ concepts: 3 }, set), context)).rejects.toThrow(
      /numbers are negative .* --split-signs/,
    );
    expect(() => nmf.configure({ center: "global" }, set)).toThrow("expected none, or --split-signs");
    expect(() => nmf.configure({ concepts: 46 }, set)).toThrow("nmf finds at most 45 here");
  });

  it("refuses what would not fit in memory before it reads a row", () => {
    const many = { rows: 600_000, dimension: 768 };
    expect(semiNmf.configure({}, many)).toMatchObject({ concepts: 256 });
    expect(() => nmf.configure({ splitSigns: true }, many)).toThrow(
      /^positive and negative parts of 540000 training rows, 1536 numbers each, do not fit in memory/,
    );
    expect(() => semiNmf.configure({ concepts: 1200 }, many)).toThrow(
      /^the codes of 540000 training rows, 1200 numbers each, do not fit in memory/,
    );
    expect(() => convexNmf.configure({ candidates: 20_000 }, many)).toThrow(
      "candidates is 20000; all their products are held at once: expected at most 16384",
    );
  });

  it("gives the same factors whatever the blocks that its rows pass in", async () => {
    // 4,096 rows make a block: copies of all rows in turn fill two and a bit.
    const times = Math.ceil(9000 / rows);
    const long = { rows: times * rows, width, concepts };
    const repeat = (values: Float32Array): Float32Array =>
      Float32Array.from({ length: times * values.length }, (_, e) => values[e % values.length]);
    const config = { solver: "cd", iterations: 2, tolerance: 0 } as const;
    const once = await factorise(shape, x, start, config, context);
    const many = await factorise(
      long,
      repeat(x),
      { codes: repeat(start.codes), atoms: start.atoms },
      config,
      context,
    );
    once.atoms.forEach((value, e) => expect(Math.abs(many.atoms[e] - value)).toBeLessThan(1e-4));
    once.codes.forEach((value, e) => {
      expect(Math.abs(many.codes[(times - 1) * once.codes.length + e] - value)).toBeLessThan(1e-4);
    });
  });

  it("hears that it should stop while it looks for a start", async () => {
    const stop = new AbortController();
    const signal = stop.signal;
    const started = nndsvd(backend, shape, x, {
      signal,
      progress: ({ stage, done }) => stage === "start" && done === 2 && stop.abort(),
    });
    await expect(started).rejects.toMatchObject({ code: "cancelled" });
  });

  it("factors non-negative rows as they are", async () => {
    const half = { rows: rows / 2, source: rowsInMemory(x.slice(0, (rows / 2) * width), width) };
    const pairs = { image: new Uint32Array(0), text: new Uint32Array(0) };
    const data = {
      dimension: width,
      image: half.source,
      text: rowsInMemory(x.slice((rows / 2) * width), width),
      pairs,
    };
    const config = nmf.configure({ concepts }, { rows, dimension: width });
    const { dictionary, notes } = await nmf.fit(data, config, context);
    expect(dictionary.atoms.every((value) => value >= 0)).toBe(true);
    expect(dictionary.activation).toEqual({ kind: "least-squares", positive: true, l1: 0 });
    expect(notes).toEqual([]);
  });

  it("gives concepts that ended as zeros the directions of long rows", () => {
    const factor = Float32Array.of(0, 0, 3, 4);
    const unit = unitAtoms(factor, { rows: 2, width: 2, concepts: 2 }, Float32Array.of(1, 0, 0, 5), false);
    expect(unit).toEqual({
      atoms: Float32Array.of(0, 1, 0.6, 0.8),
      parts: Float32Array.of(0, 1, 0.6, 0.8),
      dead: 1,
    });
  });
});

describe("signed rows", () => {
  const x = Float32Array.from(fixtures.signed.rows);

  it.each(["cd", "multiplicative"] as const)(
    "semi-nmf by %s is as good as overcomplete's",
    async (solver) => {
      losses.length = 0;
      const config = { solver, iterations: 400, tolerance: 0 };
      const found = await factoriseSigned(shape, x, start, config, context);
      expect(objective(x, found.codes, found.atoms)).toBeLessThan(fixtures.signed.semi * 1.01);
      expect(found.codes.every((value) => value >= 0)).toBe(true);
      expectFalling(x);
    },
  );

  it.each(["cd", "multiplicative"] as const)(
    "convex-nmf by %s is as good as overcomplete's, with atoms that rows combine to",
    async (solver) => {
      losses.length = 0;
      const weights = Float32Array.from(fixtures.signed.weights);
      const config = { solver, iterations: 400, tolerance: 0 };
      const found = await factoriseConvex(shape, x, x, { codes: start.codes, weights }, config, context);
      expect(objective(x, found.codes, found.atoms)).toBeLessThan(fixtures.signed.convex * 1.01);
      expect(found.weights.every((value) => value >= 0)).toBe(true);
      for (let j = 0; j < concepts; j++) {
        for (let t = 0; t < width; t++) {
          let sum = 0;
          for (let i = 0; i < rows; i++) sum += found.weights[j * rows + i] * x[i * width + t];
          expect(Math.abs(found.atoms[j * width + t] - sum)).toBeLessThan(1e-3);
        }
      }
      expectFalling(x);
    },
  );

  it("convex-nmf says when it combines a part of the rows", async () => {
    const { data } = planted({ seed: 1, images: 60, texts: 40, dimension: 6, concepts: 4, active: 2 });
    const set = { rows: 100, dimension: 6 };
    const config = convexNmf.configure({ concepts: 4, candidates: 20, iterations: 5 }, set);
    const { notes } = await convexNmf.fit(data, config, context);
    expect(notes).toEqual(["atoms combine 20 of 90 training rows, drawn by the seed (candidates)"]);
    expect(() => convexNmf.configure({ candidates: 91 }, set)).toThrow("there are 90 training rows");
  });
});
