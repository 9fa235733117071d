import { describe, expect, it } from "vitest";
import type { SparseColumns } from "../../base/sparse-codes.ts";
import type { Item, ItemTable } from "../embedding-set-items.ts";
import { conceptExamples } from "./examples.ts";
import { embeddingRepeats, itemRepeats, type RepeatedRows } from "./repeated-rows.ts";

/** One concept with the given activations in rows 0 … n − 1. */
function oneConcept(activations: readonly number[]): SparseColumns {
  return {
    rows: activations.length,
    concepts: 1,
    conceptStart: Uint32Array.of(0, activations.length),
    row: Uint32Array.from(activations.keys()),
    value: Float32Array.from(activations),
  };
}

const noRepeats = (rows: number): RepeatedRows => ({
  byEmbedding: Uint32Array.from({ length: rows }, (_, row) => row),
  byItem: Uint32Array.from({ length: rows }, (_, row) => row),
});

describe("examples of a concept", () => {
  it("shows different rows of equal activation, and of rows that repeat one only the first", () => {
    const columns = oneConcept([5, 5, 5, 4, 3]);
    const rows = (repeated: RepeatedRows): number[] =>
      conceptExamples(columns, 0, "image", repeated).map(({ row }) => row);
    expect(rows(noRepeats(5))).toEqual([0, 1, 2, 3, 4]);
    expect(rows({ ...noRepeats(5), byEmbedding: Uint32Array.of(0, 1, 0, 3, 3) })).toEqual([0, 1, 3]);
    expect(rows({ ...noRepeats(5), byItem: Uint32Array.of(0, 0, 2, 3, 2) })).toEqual([0, 2, 3]);
  });

  it("takes middle and low from thirds of the range that the concept has, threshold and all", () => {
    // Activations 2.00 … 2.99: none is near 0.
    const activations = Array.from({ length: 100 }, (_, row) => 2 + row / 100);
    const examples = conceptExamples(oneConcept(activations), 0, "text", noRepeats(100));
    const band = (name: string): number[] =>
      examples.filter((row) => row.band === name).map(({ activation }) => activation);
    expect(band("top")).toHaveLength(16);
    expect(Math.min(...band("top"))).toBeCloseTo(2.84, 1);
    expect(band("middle")).toHaveLength(8);
    expect(Math.max(...band("middle"))).toBeCloseTo(2.66, 1);
    expect(Math.min(...band("middle"))).toBeCloseTo(2.34, 1);
    expect(band("low")).toHaveLength(8);
    expect(Math.max(...band("low"))).toBeCloseTo(2.33, 1);
    expect(Math.min(...band("low"))).toBe(2);
  });
});

describe("repeated rows", () => {
  it("are those that equal an earlier one bit by bit, over blocks", () => {
    const repeats = embeddingRepeats(5, 2);
    repeats.add(Float32Array.of(1, 2, 3, 4, 1, 2), 3);
    repeats.add(Float32Array.of(3, 4, 1, -2), 2);
    expect([...repeats.first]).toEqual([0, 1, 0, 1, 4]);
  });

  it("are items of one file and source, or of one caption", async () => {
    const item = (row: number, file: string | null, caption: string | null, source = "a"): Item => ({
      row,
      file,
      caption,
      source,
      further: {},
    });
    const table = [
      item(0, "x.jpg", "a cat"),
      item(1, "x.jpg", "a dog", "b"),
      item(2, null, null),
      item(3, null, null),
      item(4, "x.jpg", "a cat"),
    ];
    const items: ItemTable = {
      rows: table.length,
      furtherColumns: [],
      range: async (start, count) => table.slice(start, start + count),
      at: async (rows) => Array.from(rows, (row) => table[row]),
      column: async () => [],
    };
    expect([...(await itemRepeats(items, "image"))]).toEqual([0, 1, 2, 3, 0]);
    expect([...(await itemRepeats(items, "text"))]).toEqual([0, 1, 2, 3, 0]);
  });
});
