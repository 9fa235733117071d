import fc from "fast-check";
import { expect, it } from "vitest";
import { byConcept, type SparseCodes } from "./sparse-codes.ts";

function toDense(codes: SparseCodes): number[][] {
  return Array.from({ length: codes.rows }, (_, i) => {
    const row = new Array<number>(codes.concepts).fill(0);
    for (let e = codes.rowStart[i]; e < codes.rowStart[i + 1]; e++) row[codes.concept[e]] = codes.value[e]!;
    return row;
  });
}

it("gives the same matrix by concept as by row, rows ascending", () => {
  const matrix = fc
    .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 9 }))
    .chain(([rows, concepts]) =>
      fc
        .array(
          fc.array(fc.constantFrom(0, 0, 0, 0.5, 1, 2.25), { minLength: concepts, maxLength: concepts }),
          { minLength: rows, maxLength: rows },
        )
        .map((dense) => ({ dense, concepts })),
    );
  fc.assert(
    fc.property(matrix, ({ dense, concepts }) => {
      const entries = dense.flatMap((row, i) => row.flatMap((v, j) => (v === 0 ? [] : [{ i, j, v }])));
      const rowStart = Uint32Array.from(
        { length: dense.length + 1 },
        (_, i) => entries.filter((e) => e.i < i).length,
      );
      const codes: SparseCodes = {
        rows: dense.length,
        concepts,
        rowStart,
        concept: Uint32Array.from(entries, (e) => e.j),
        value: Float32Array.from(entries, (e) => e.v),
      };
      expect(toDense(codes)).toEqual(dense);
      const columns = byConcept(codes);
      const back = dense.map((row) => row.map(() => 0));
      for (let j = 0; j < concepts; j++) {
        for (let e = columns.conceptStart[j]; e < columns.conceptStart[j + 1]; e++) {
          back[columns.row[e]][j] = columns.value[e]!;
          if (e > columns.conceptStart[j]) expect(columns.row[e]).toBeGreaterThan(columns.row[e - 1]);
        }
      }
      expect(back).toEqual(dense);
    }),
  );
});
