import { describe, expect, it } from "vitest";
import { conceptPairs, orderedPairs } from "./concept-pairs.ts";

// Concept 2 of the first has no partner, 3 is never active; concept 3 of the second has none, 4 is never active.
const sides = {
  match: [1, 0, NaN, 2],
  cosine: [0.9, 0.3, NaN, 0.8],
  first: [1, 2, 3, 0],
  second: [5, 6, 7, 8, 0],
};

describe("concepts of two dictionaries", () => {
  it("are pairs where they are alike enough, and else only in one, with whom they were matched", () => {
    expect(conceptPairs(sides, 0.5)).toEqual({
      matched: [
        { first: 0, second: 1, cosine: 0.9 },
        { first: 3, second: 2, cosine: 0.8 },
      ],
      "only-first": [
        { first: 1, second: 0, cosine: 0.3 },
        { first: 2, second: null, cosine: null },
      ],
      "only-second": [
        { first: 1, second: 0, cosine: 0.3 },
        { first: null, second: 3, cosine: null },
      ],
    });
    expect(conceptPairs(sides, 0.2).matched).toHaveLength(3);
  });

  it("are ordered by energy or likeness, those without a partner last", () => {
    const lists = conceptPairs(sides, 0.5);
    const of = (list: "matched" | "only-first" | "only-second", order: Parameters<typeof orderedPairs>[1]) =>
      orderedPairs(lists[list], order, list, sides).map(({ first, second }) => [first, second]);
    expect(of("matched", "energy")).toEqual([
      [0, 1],
      [3, 2],
    ]);
    expect(of("matched", "least-alike")[0]).toEqual([3, 2]);
    expect(of("only-first", "energy")[0]).toEqual([2, null]);
    expect(of("only-first", "most-alike").at(-1)).toEqual([2, null]);
    expect(of("only-second", "energy")[0]).toEqual([null, 3]);
  });
});
