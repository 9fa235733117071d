import { describe, expect, it } from "vitest";
import { Random } from "../base/random.ts";
import { byConcept } from "../base/sparse-codes.ts";
import { randomCodes, sparse } from "./testing/codes.ts";
import { wordContrast, type RowWords } from "./word-contrast.ts";

function rowWords(rows: readonly (readonly number[])[], words: number): RowWords {
  const rowStart = new Uint32Array(rows.length + 1);
  rows.forEach((own, i) => (rowStart[i + 1] = rowStart[i] + own.length));
  return { rows: rows.length, words, rowStart, word: Uint32Array.from(rows.flat()) };
}

describe("wordContrast", () => {
  it("agrees with its formula worked by hand", () => {
    // Three spoken rows and a silent one; the concept is active on rows 0, 1 and the silent row 3.
    const codes = byConcept(sparse([2, 1, 0, 5], 1));
    const found = wordContrast(codes, rowWords([[0, 1], [1], [2], []], 3))(0, 9, 0);
    const n = 9 / 5;
    expect(found.map(({ word }) => word)).toEqual([1, 0]);
    expect(found[0]).toMatchObject({ share: 1 });
    expect(found[0].score).toBeCloseTo(2 * n * Math.log(3 / 2), 12);
    expect(found[1].share).toBeCloseTo(2 / 3, 12);
    expect(found[1].score).toBeCloseTo(2 * n * ((2 / 3) * Math.log(2) + (1 / 3) * Math.log(1 / 2)), 12);
  });

  it("finds the word that a concept follows, and none where words are drawn at random", () => {
    const random = Random.of(5, "words");
    const rows = 4000;
    const words = Array.from({ length: rows }, () => [
      ...new Set(Array.from({ length: 6 }, () => random.integer(200))),
    ]);
    const followed = sparse(
      words.map((own) => (own.includes(17) ? 0.5 + random.uniform() : 0)),
      1,
    );
    const table = rowWords(words, 200);
    const [first, second] = wordContrast(byConcept(followed), table)(0, 2, 0);
    expect(first).toMatchObject({ word: 17, share: 1 });
    expect(first.score).toBeGreaterThan(5 * second.score);

    const unrelated = wordContrast(byConcept(randomCodes(random, rows, 20, 0.1)), table);
    const scores = Array.from({ length: 20 }, (_, j) => unrelated(j, 200, 10.83)).flat();
    // Of 4,000 words of no effect, half are more frequent, and two of these in a thousand pass by chance.
    expect(scores.length).toBeLessThan(12);
  });

  it("calls no word telling that every row has", () => {
    const codes = byConcept(sparse([1, 0, 1], 1));
    const found = wordContrast(codes, rowWords([[0], [0], [0]], 1))(0, 9, 0.1);
    expect(found).toEqual([]);
  });
});
