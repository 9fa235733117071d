/** Several row sources of the same width, one after the other, as one. */
import type { RowSource } from "../base/rows.ts";

export function joinRows(parts: readonly RowSource[], columns: number): RowSource {
  if (parts.length === 1) return parts[0];
  const starts = [0];
  for (const part of parts) starts.push(starts[starts.length - 1] + part.rows);
  const rows = starts[parts.length];
  const partOf = (row: number): number => {
    let low = 0;
    let high = parts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (starts[middle] <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    rows,
    columns,
    async readRange(start, count, out, offset = 0) {
      for (let at = start, end = start + count; at < end;) {
        const p = partOf(at);
        const here = Math.min(end, starts[p + 1]) - at;
        if (here <= 0) throw new RangeError(`row ${at} asked for, there are ${rows}`);
        await parts[p].readRange(at - starts[p], here, out, offset + (at - start) * columns);
        at += here;
      }
    },
    async gather(indices, out, offset = 0) {
      for (let i = 0; i < indices.length;) {
        const p = partOf(indices[i]);
        let run = 1;
        while (i + run < indices.length && partOf(indices[i + run]) === p) run++;
        const local = indices.slice(i, i + run).map((row) => row - starts[p]);
        await parts[p].gather(local, out, offset + i * columns);
        i += run;
      }
    },
  };
}
