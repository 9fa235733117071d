import { describe, expect, it } from "vitest";
import { Random } from "../base/random.ts";
import type { PairTable } from "../base/rows.ts";
import { createReferenceBackend } from "../kernels/reference/backend.ts";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { bridges, bridgeSum, pairedInnerProduct } from "./bridges.ts";
import { permutedDictionary } from "./permuted-dictionary.ts";
import { shuffledPairing } from "./shuffled-pairing.ts";
import { similarityExplained } from "./similarity-explained.ts";
import { randomCodes, sparse, unitRows } from "./testing/codes.ts";

const c = 12;
const d = 7;
const random = Random.of(11);
const atoms = unitRows(random, c, d);
const image = randomCodes(random, 20, c, 0.3);
const text = randomCodes(random, 35, c, 0.3);
const pairs: PairTable = {
  image: Uint32Array.from({ length: 35 }, (_, p) => p % 20),
  text: Uint32Array.from({ length: 35 }, (_, p) => 34 - p),
};

describe("bridges", () => {
  it("are the dense definition on every co-active pair and nothing else", () => {
    const found = bridges(image, text, pairs, atoms, d);
    const expected = denseCoactivation(image, text, pairs);
    let entries = 0;
    for (let i = 0; i < c; i++) for (let j = 0; j < c; j++) if (expected[i * c + j] > 0) entries++;
    expect(found.score).toHaveLength(entries);
    for (let i = 0; i < c; i++) {
      for (let e = found.rowStart[i]; e < found.rowStart[i + 1]; e++) {
        const j = found.textConcept[e];
        expect(found.imageConcept[e]).toBe(i);
        expect(found.coactivation[e]).toBeCloseTo(expected[i * c + j], 6);
        let cosine = 0;
        for (let q = 0; q < d; q++) cosine += atoms[i * d + q] * atoms[j * d + q];
        expect(found.score[e]).toBeCloseTo(expected[i * c + j] * cosine, 6);
      }
    }
  });

  it("sum to the mean inner product of paired reconstructions", () => {
    const sum = bridgeSum(bridges(image, text, pairs, atoms, d));
    expect(sum).toBeCloseTo(pairedInnerProduct(image, text, pairs, atoms, d), 6);
    expect(Math.abs(sum)).toBeGreaterThan(1e-3);
  });

  it("turn over when the modalities are swapped", () => {
    const swapped = bridges(text, image, { image: pairs.text, text: pairs.image }, atoms, d);
    const transposed = new Map<string, number>();
    for (let e = 0; e < swapped.score.length; e++)
      transposed.set(`${swapped.textConcept[e]} ${swapped.imageConcept[e]}`, swapped.score[e]);
    const found = bridges(image, text, pairs, atoms, d);
    expect(transposed.size).toBe(found.score.length);
    for (let e = 0; e < found.score.length; e++)
      expect(transposed.get(`${found.imageConcept[e]} ${found.textConcept[e]}`)).toBeCloseTo(
        found.score[e],
        9,
      );
  });

  it("of one pair are the terms of its similarity", () => {
    const x = unitRows(random, 2, d);
    const one = { codes: image, row: 3, x: x.subarray(0, d) };
    const other = { codes: text, row: 5, x: x.subarray(d) };
    const explained = similarityExplained(one, other, atoms, d);
    const single = { image: Uint32Array.of(3), text: Uint32Array.of(5) };
    expect(explained.explained).toBeCloseTo(pairedInnerProduct(image, text, single, atoms, d), 6);
    expect(explained.explained + explained.remainder).toBeCloseTo(explained.similarity, 12);
    for (const term of explained.terms)
      expect(term.kind === "shared").toBe(term.imageConcept === term.textConcept);
  });
});

describe("the null of shuffled pairing", () => {
  const small = Random.of(5);
  const few = { image: randomCodes(small, 5, 4, 0.6), text: randomCodes(small, 5, 4, 0.6) };
  const matched: PairTable = { image: Uint32Array.of(0, 1, 2, 3, 4), text: Uint32Array.of(0, 1, 2, 3, 4) };

  it("has the mean and variance of all 120 shuffles of 5 pairs", () => {
    const found = bridges(few.image, few.text, matched, unitRows(small, 4, 3), 3);
    const { z } = shuffledPairing(found, few.image, few.text, matched, { seed: 0, shuffles: 1 });
    const all = permutations([0, 1, 2, 3, 4]).map((order) =>
      denseCoactivation(few.image, few.text, { image: Uint32Array.from(order), text: matched.text }),
    );
    for (let e = 0; e < z.length; e++) {
      const at = found.imageConcept[e] * 4 + found.textConcept[e];
      const values = all.map((matrix) => matrix[at]);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
      const expected = variance > 1e-14 ? (found.coactivation[e] - mean) / Math.sqrt(variance) : 0;
      expect(z[e]).toBeCloseTo(expected, 4);
    }
  });

  it("moves whole images when one has several captions", () => {
    const captions: PairTable = { image: Uint32Array.of(0, 0, 0, 1, 2), text: matched.text };
    const found = bridges(few.image, few.text, captions, unitRows(small, 4, 3), 3);
    const { z, report } = shuffledPairing(found, few.image, few.text, captions, { seed: 0, shuffles: 1 });
    expect([report.unit, report.units]).toEqual(["image", 3]);
    const all = permutations([0, 1, 2]).map(([a, b, third]) =>
      denseCoactivation(few.image, few.text, {
        image: Uint32Array.of(a, a, a, b, third),
        text: matched.text,
      }),
    );
    for (let e = 0; e < z.length; e++) {
      const at = found.imageConcept[e] * 4 + found.textConcept[e];
      const values = all.map((matrix) => matrix[at]);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
      const expected = variance > 1e-14 ? (found.coactivation[e] - mean) / Math.sqrt(variance) : 0;
      expect(z[e]).toBeCloseTo(expected, 4);
    }
  });

  it("finds planted twins, and nothing once the pairing is shuffled", async () => {
    const world = plantedTwins(40, 1200);
    const backend = createReferenceBackend();
    const measure = async (table: PairTable): Promise<{ found: Set<string>; false: number }> => {
      const b = bridges(world.image, world.text, table, world.atoms, world.dimension);
      const shuffled = shuffledPairing(b, world.image, world.text, table, { seed: 1 });
      const q = benjaminiHochberg(shuffled.p, shuffled.candidates);
      const { imageConcepts, textConcepts } = shuffled;
      const p = await permutedDictionary(
        backend,
        b,
        shuffled.z,
        imageConcepts,
        textConcepts,
        world.atoms,
        world.dimension,
      );
      const permutedQ = benjaminiHochberg(p, shuffled.candidates);
      expect(shuffled.candidates).toBe(40 * 40);
      const out = new Set<string>();
      let wrong = 0;
      for (let e = 0; e < q.length; e++) {
        if (q[e] >= 0.05) continue;
        if (b.imageConcept[e] + 40 !== b.textConcept[e]) wrong++;
        else if (permutedQ[e] < 0.05) out.add(`${b.imageConcept[e]} ${b.textConcept[e]}`);
      }
      return { found: out, false: wrong };
    };
    const straight = Uint32Array.from({ length: 1200 }, (_, i) => i);
    const kept = await measure({ image: straight, text: straight });
    expect(kept.found.size).toBeGreaterThanOrEqual(38);
    expect(kept.false).toBeLessThanOrEqual(4);
    const shuffled = await measure({ image: Random.of(2).permutation(1200), text: straight });
    expect(shuffled.found.size).toBe(0);
    expect(shuffled.false).toBeLessThanOrEqual(2);
  });
});

describe("the permuted-dictionary null", () => {
  it("is the share of all permutations of both sides' atoms, up to its bins", async () => {
    const small = Random.of(6);
    const vectors = unitRows(small, 4, 3);
    const rows = Uint32Array.from({ length: 9 }, (_, r) => r);
    const codes = { image: randomCodes(small, 9, 4, 0.5), text: randomCodes(small, 9, 4, 0.5) };
    const matched = { image: rows, text: rows };
    const found = bridges(codes.image, codes.text, matched, vectors, 3);
    const { z } = shuffledPairing(found, codes.image, codes.text, matched, { seed: 0, shuffles: 1 });
    const every = Uint32Array.of(0, 1, 2, 3);
    const p = await permutedDictionary(createReferenceBackend(), found, z, every, every, vectors, 3);
    const cosine = (i: number, j: number): number =>
      [0, 1, 2].reduce((sum, q) => sum + vectors[i * 3 + q] * vectors[j * 3 + q], 0);
    const orders = permutations([0, 1, 2, 3]);
    const drawn = orders.flatMap((ofImage) =>
      orders.flatMap((ofText) =>
        Array.from(
          z,
          (value, e) =>
            Math.max(0, value) * cosine(ofImage[found.imageConcept[e]], ofText[found.textConcept[e]]),
        ),
      ),
    );
    const shareFrom = (score: number): number =>
      drawn.filter((value) => value >= score).length / (orders.length ** 2 * 4 ** 2);
    let tested = 0;
    for (let e = 0; e < p.length; e++) {
      const score = Math.max(0, z[e]) * cosine(found.imageConcept[e], found.textConcept[e]);
      if (score <= 0) {
        expect(p[e]).toBe(1);
        continue;
      }
      tested++;
      // Two factors and their product, each rounded by at most one of 64 bins per doubling.
      expect(p[e]).toBeGreaterThanOrEqual(shareFrom(score) - 1e-9);
      expect(p[e]).toBeLessThanOrEqual(shareFrom(score * 2 ** (-3 / 64)) + 1e-9);
    }
    expect(tested).toBeGreaterThan(4);
  });
});

/** Image concept i and text concept twins + i point nearly the same way and are active on the same rows. */
function plantedTwins(
  twins: number,
  rows: number,
): {
  image: ReturnType<typeof sparse>;
  text: ReturnType<typeof sparse>;
  atoms: Float32Array;
  dimension: number;
} {
  const draw = Random.of(4);
  const dimension = 128;
  const first = unitRows(draw, twins, dimension);
  const noise = unitRows(draw, twins, dimension);
  const atoms = new Float32Array(2 * twins * dimension);
  atoms.set(first);
  const scale = 1 / Math.sqrt(1.04);
  first.forEach((value, e) => {
    atoms[twins * dimension + e] = (value + 0.2 * noise[e]) * scale;
  });
  const image = new Float32Array(rows * 2 * twins);
  const text = new Float32Array(rows * 2 * twins);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < twins; i++) {
      if (draw.uniform() >= 0.04 + 0.08 * (i / twins)) continue;
      image[r * 2 * twins + i] = 0.5 + draw.uniform();
      text[r * 2 * twins + twins + i] = 0.5 + draw.uniform();
    }
  }
  return { image: sparse(image, 2 * twins), text: sparse(text, 2 * twins), atoms, dimension };
}

function denseCoactivation(
  images: ReturnType<typeof sparse>,
  texts: ReturnType<typeof sparse>,
  table: PairTable,
): Float64Array {
  const size = images.concepts;
  const out = new Float64Array(size * size);
  table.image.forEach((row, p) => {
    const other = table.text[p];
    for (let e = images.rowStart[row]; e < images.rowStart[row + 1]; e++)
      for (let f = texts.rowStart[other]; f < texts.rowStart[other + 1]; f++)
        out[images.concept[e] * size + texts.concept[f]] +=
          (images.value[e] * texts.value[f]) / table.image.length;
  });
  return out;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  );
}
