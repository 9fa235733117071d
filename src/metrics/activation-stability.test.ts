import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Random } from "../base/random.ts";
import type { SparseCodes } from "../base/sparse-codes.ts";
import { correlations, matchActivations } from "./activation-stability.ts";
import { randomCodes, sparse } from "./testing/codes.ts";

interface Matched {
  correlation: number[];
  stability: number;
}

/** By numpy's corrcoef and scipy's linear_sum_assignment: test/fixtures/make/activations.py. */
const reference = JSON.parse(
  readFileSync(new URL("../../test/fixtures/measures/activations.json", import.meta.url), "utf8"),
) as {
  items: number;
  codes: Record<"a" | "b", { concepts: number; values: number[] }>;
  order: number[];
  ab: Matched;
  ba: Matched;
  permuted: Matched;
};
const codesOf = ({ concepts, values }: { concepts: number; values: number[] }): SparseCodes =>
  sparse(Float32Array.from(values), concepts);
const [a, b] = [codesOf(reference.codes.a), codesOf(reference.codes.b)];
const order = Uint32Array.from(reference.order);

describe("stability through activations", () => {
  it.each([
    ["a with b", a, b, undefined, reference.ab],
    ["b with a", b, a, undefined, reference.ba],
    ["a with b's items permuted", a, b, order, reference.permuted],
  ] as const)("has numpy's correlations and scipy's matching: %s", (_, one, other, itemOf, expected) => {
    const found = correlations(one, other, itemOf);
    expect(found).toHaveLength(expected.correlation.length);
    found.forEach((value, at) => expect(value).toBeCloseTo(expected.correlation[at], 6));
    const { stability, match, correlation, matched } = matchActivations(one, other, itemOf);
    expect(stability).toBeCloseTo(expected.stability, 6);
    expect(matched).toBe(8);
    expect([...match].filter((j) => j >= 0).length).toBe(8);
    expect(new Set([...match].filter((j) => j >= 0)).size).toBe(8);
    match.forEach((j, i) => {
      if (j < 0) expect(correlation[i]).toBeNaN();
      else expect(correlation[i]).toBeCloseTo(expected.correlation[i * other.concepts + j], 6);
    });
  });

  it("gives the permuted baseline alike from either side", () => {
    const inverse = new Uint32Array(order.length);
    order.forEach((to, from) => (inverse[to] = from));
    const there = matchActivations(a, b, order).stability;
    expect(matchActivations(b, a, inverse).stability).toBeCloseTo(there, 9);
  });

  it("is 1 for the same activations under another order of concepts, whatever their scales", () => {
    const random = Random.of(5, "activations");
    const one = randomCodes(random, 80, 12, 0.3);
    const renamed = random.permutation(12);
    const dense = new Float32Array(80 * 12);
    for (let r = 0; r < 80; r++) {
      for (let e = one.rowStart[r]; e < one.rowStart[r + 1]; e++) {
        const j = one.concept[e];
        dense[r * 12 + renamed[j]] = one.value[e] * (1 + j);
      }
    }
    const { stability, match } = matchActivations(one, sparse(dense, 12));
    expect(stability).toBeCloseTo(1, 6);
    expect([...match]).toEqual([...renamed]);
  });
});
