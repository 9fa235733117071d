import { describe, expect, it } from "vitest";
import type { ConceptColumns } from "../data/concept-columns.ts";
import type { BridgeColumns } from "../data/dictionary-tables.ts";
import { endsOf, kindOf, selectBridges, uncrossed, type BridgeFilter } from "./bridge-selection.ts";

const rows = [
  // image, text, score, shuffleQ, permutedQ
  [0, 1, 0.5, 0.01, 0.01],
  [0, 0, 0.9, 0.01, 0.01],
  [2, 1, 0.7, 0.2, 0.01],
  [2, 3, 0.6, 0.01, 0.01],
  [3, 3, -0.8, 0.01, 0.01],
] as const;
const column = (at: 0 | 1 | 2 | 3 | 4): Float64Array => Float64Array.from(rows, (row) => row[at]);
const bridges: BridgeColumns = {
  count: rows.length,
  imageConcept: column(0),
  textConcept: column(1),
  score: column(2),
  shuffleQ: column(3),
  permutedQ: column(4),
  cosine: new Float64Array(rows.length),
  pairs: new Float64Array(rows.length),
};
// 0 is of pictures, 1 of captions, 2 and 3 of both.
const concepts = { modalityScore: Float64Array.of(1, 0, 0.5, 0.9) } as ConceptColumns;
const all: BridgeFilter = { text: "", kind: "all", different: false, significant: false, score: 0, q: 1 };
const texts = ["red cup", "crimson", "boat", null];
const select = (change: Partial<BridgeFilter>): number[] => [
  ...selectBridges(bridges, concepts, { ...all, ...change }, (j) => texts[j]!),
];

describe("selectBridges", () => {
  it("lists bridges with a positive score, strongest first", () => {
    expect(select({})).toEqual([1, 2, 3, 0]);
    expect(select({ score: 0.65 })).toEqual([1, 2]);
  });

  it("narrows to different concepts, to significant ones and by what they join", () => {
    expect(select({ different: true })).toEqual([2, 3, 0]);
    expect(select({ significant: true })).toEqual([1, 3, 0]);
    expect(select({ q: 0.05 })).toEqual([1, 3, 0]);
    expect(select({ q: 0.2 })).toEqual([1, 2, 3, 0]);
    expect(select({ q: 0.001 })).toEqual([]);
    expect(select({ kind: "single" })).toEqual([0]);
    expect(select({ kind: "half" })).toEqual([2]);
    expect(select({ kind: "bimodal" })).toEqual([3]);
  });

  it("finds words and numbers on either end", () => {
    expect(select({ text: "Crimson" })).toEqual([2, 0]);
    expect(select({ text: "boat" })).toEqual([2, 3]);
    expect(select({ text: "#3" })).toEqual([3]);
    expect(select({ text: "nothing" })).toEqual([]);
  });
});

it("calls an end that is of the wrong modality no kind", () => {
  expect(kindOf(concepts, 1, 1)).toBeNull();
  expect(kindOf(concepts, 0, 0)).toBeNull();
  expect(kindOf(concepts, 0, 2)).toBe("half");
});

describe("the ends of the strongest bridges", () => {
  it("come once each, by the first bridge that has them", () => {
    expect(endsOf(bridges, Uint32Array.of(1, 2, 3, 0), 3)).toEqual({ image: [0, 2], text: [0, 1, 3] });
  });

  it("are ordered so that parallel lines do not cross", () => {
    const crossed: BridgeColumns = {
      ...bridges,
      count: 3,
      imageConcept: Float64Array.of(0, 1, 2),
      textConcept: Float64Array.of(12, 11, 10),
      score: Float64Array.of(3, 2, 1),
    };
    const { image, text } = uncrossed(crossed, Uint32Array.of(0, 1, 2), 3);
    expect(image.map((concept) => 12 - concept)).toEqual(text);
  });
});
