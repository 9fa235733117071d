import { describe, expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { bridgeTable } from "./bridge-table.ts";

const concepts = 70;
const rows = 120;
const dimension = 8;

/** Six active concepts a row, more co-active pairs than the tables show. */
function randomCodes(random: Random): { codes: SparseCodes; active: Set<number>[] } {
  const active = Array.from({ length: rows }, () => {
    const row = new Set<number>();
    // The last concept is never active.
    while (row.size < 6) row.add(random.integer(concepts - 1));
    return row;
  });
  const concept = Uint32Array.from(active.flatMap((row) => [...row].sort((a, b) => a - b)));
  const codes = {
    rows,
    concepts,
    rowStart: Uint32Array.from({ length: rows + 1 }, (_, r) => 6 * r),
    concept,
    value: Float32Array.from(concept, () => 0.5 + random.uniform()),
  };
  return { codes, active };
}

describe("the number of bridges", () => {
  it("is that of the co-active pairs of concepts, each counted once, not of the rows that are shown", async () => {
    const random = Random.of(4, "bridge counts");
    const [image, text] = [randomCodes(random), randomCodes(random)];
    const atoms = Float32Array.from({ length: concepts * dimension }, () => random.uniform() - 0.5);
    const all = Uint32Array.from({ length: rows }, (_, r) => r);
    const pairs = { image: all, text: all };
    const codes = { image: image.codes, text: text.codes };
    const table = await bridgeTable(createReferenceBackend(), codes, pairs, atoms, dimension, 0);

    const found = new Set<string>();
    image.active.forEach((own, r) => {
      for (const i of own) for (const j of text.active[r]) found.add(`${i} ${j}`);
    });
    const ends = Array.from(found, (bridge) => bridge.split(" ").map(Number) as [number, number]);
    const { counts, matrix } = table;
    for (let j = 0; j < concepts; j++) {
      expect(counts.image[j]).toBe(ends.filter(([i]) => i === j).length);
      expect(counts.text[j]).toBe(ends.filter(([, t]) => t === j).length);
      expect(counts.either[j]).toBe(ends.filter(([i, t]) => i === j || t === j).length);
      expect(counts.image[j]).toBe(matrix!.found.rowStart[j + 1] - matrix!.found.rowStart[j]);
    }
    // The world is of the kind that shows the difference: bridges to oneself, and more than are shown.
    expect(ends.some(([i, t]) => i === t)).toBe(true);
    expect(table.byImage.length).toBeLessThan(ends.length);
    expect(counts.either[concepts - 1]).toBe(0);
  });

  it("is zero for every concept where there are no pairs", async () => {
    const { codes } = randomCodes(Random.of(1));
    const none = { image: new Uint32Array(), text: new Uint32Array() };
    const atoms = new Float32Array(concepts * dimension);
    const table = await bridgeTable(
      createReferenceBackend(),
      { image: codes, text: codes },
      none,
      atoms,
      dimension,
      0,
    );
    for (const count of Object.values(table.counts))
      expect([...count]).toEqual([...new Uint32Array(concepts)]);
  });
});
