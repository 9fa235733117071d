/** The entries of a dense rows x concepts matrix that are not zero, as compressed sparse rows. */
import type { SparseCodes } from "../../base/sparse-codes.ts";

export function fromDense(dense: Float32Array, rows: number, concepts: number): SparseCodes {
  let entries = 0;
  for (let e = 0; e < rows * concepts; e++) if (dense[e] !== 0) entries++;
  const rowStart = new Uint32Array(rows + 1);
  const concept = new Uint32Array(entries);
  const value = new Float32Array(entries);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < concepts; j++) {
      const z = dense[i * concepts + j];
      if (z === 0) continue;
      concept[at] = j;
      value[at++] = z;
    }
    rowStart[i + 1] = at;
  }
  return { rows, concepts, rowStart, concept, value };
}
