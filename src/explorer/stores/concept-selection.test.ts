import { describe, expect, it } from "vitest";
import type { ConceptColumn, ConceptColumns } from "../data/concept-columns.ts";
import { defaultSort, noFilter, selectConcepts, type ConceptFilter } from "./concept-selection.ts";

/** Concept 3 is dead; 1 and 4 share an energy; 2 has no monosemanticity. */
const given: Partial<Record<ConceptColumn, number[]>> = {
  energy: [0.5, 0.2, 0.9, 0, 0.2],
  active: [10, 4, 20, 0, 4],
  modalityScore: [0, 0.5, 1, NaN, 0.75],
  monosemanticity: [0.3, 0.1, NaN, NaN, 0.2],
  bridges: [3, 2, 9, 0, 4],
};
const columns = {
  count: 5,
  ...Object.fromEntries(Object.entries(given).map(([name, values]) => [name, Float64Array.from(values)])),
} as unknown as ConceptColumns;
const words = ["a red boat", "blue boat", "RED car".toLowerCase(), "", null];
const select = (filter: Partial<ConceptFilter>, sort = defaultSort) =>
  selectConcepts(
    columns,
    { ...noFilter, ...filter },
    sort,
    (j) => words[j] ?? null,
    (column) => (column === "stability" ? null : columns[column]),
  );
const order = (...given: Parameters<typeof select>) => [...select(...given).order];

describe("which concepts are listed", () => {
  it("leaves dead ones out until they are asked for", () => {
    expect(order({})).toEqual([2, 0, 1, 4]);
    expect(order({ dead: true })).toEqual([2, 0, 1, 4, 3]);
    expect([...select({}).passes]).toEqual([1, 1, 1, 0, 1]);
  });

  it("keeps what lies in the modality range, ends included, and then no dead ones", () => {
    expect(order({ modality: [0.5, 0.75], dead: true })).toEqual([1, 4]);
    expect(order({ modality: [1, 1] })).toEqual([2]);
  });

  it("keeps what lies in a range of energy, ends included, and of several at once", () => {
    expect(order({ energy: [0.2, Infinity], dead: true })).toEqual([2, 0, 1, 4]);
    expect(order({ energy: [0.21, Infinity] })).toEqual([2, 0]);
    expect(order({ energy: [0, 0.5] })).toEqual([0, 1, 4]);
    expect(order({ energy: [0.2, 0.5], bridges: [3, Infinity] })).toEqual([0, 4]);
  });

  it("lets everything through a range of a column that the dictionary lacks", () => {
    expect(order({ stability: [0.5, 1] })).toEqual([2, 0, 1, 4]);
  });

  it("finds all words, in any order and case, or the number", () => {
    expect(order({ text: "boat" })).toEqual([0, 1]);
    expect(order({ text: " BOAT red " })).toEqual([0]);
    expect(order({ text: "#4" })).toEqual([4]);
    expect(order({ text: "4" })).toEqual([4]);
    expect(order({ text: "zebra" })).toEqual([]);
  });

  it("sorts both ways, equal ones by number, concepts without a value last", () => {
    expect(order({}, { column: "energy", descending: false })).toEqual([1, 4, 0, 2]);
    expect(order({}, { column: "monosemanticity", descending: true })).toEqual([0, 4, 1, 2]);
    expect(order({}, { column: "monosemanticity", descending: false })).toEqual([1, 4, 0, 2]);
  });
});
