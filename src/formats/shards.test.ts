import fc from "fast-check";
import { expect, it } from "vitest";
import { rowsInMemory } from "../base/rows.ts";
import { joinRows } from "./shards.ts";

it("reads shards as the one matrix that they make", async () => {
  const lengths = fc
    .array(fc.nat(5), { minLength: 1, maxLength: 5 })
    .filter((list) => list.some((n) => n > 0));
  await fc.assert(
    fc.asyncProperty(lengths, fc.nat(), fc.nat(), async (sizes, a, b) => {
      const total = sizes.reduce((sum, n) => sum + n, 0);
      const all = Float32Array.from({ length: total * 2 }, (_, i) => i);
      let at = 0;
      const parts = sizes.map((n) => rowsInMemory(all.slice(at * 2, (at += n) * 2), 2));
      const joined = joinRows(parts, 2);
      expect(joined.rows).toBe(total);
      const start = a % total;
      const count = (b % (total - start)) + 1;
      const out = new Float32Array(count * 2);
      await joined.readRange(start, count, out);
      expect(out).toEqual(all.subarray(start * 2, (start + count) * 2));
      const indices = Uint32Array.from({ length: 6 }, (_, i) => (a * (i + 1) + b) % total);
      const picked = new Float32Array(12);
      await joined.gather(indices, picked);
      expect(picked).toEqual(Float32Array.from({ length: 12 }, (_, i) => all[indices[i >> 1] * 2 + (i & 1)]));
    }),
  );
});
