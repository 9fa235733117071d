/**
 * Codes Z (n x c) as compressed sparse rows: the entries of row i are
 * `rowStart[i]` … `rowStart[i + 1] − 1` of `concept` and `value`, concepts ascending.
 */
export interface SparseCodes {
  /** n */
  readonly rows: number;
  /** c */
  readonly concepts: number;
  /** length n + 1 */
  readonly rowStart: Uint32Array;
  readonly concept: Uint32Array;
  readonly value: Float32Array;
}

/** The same codes by concept: the rows on which concept j is active, ascending. */
export interface SparseColumns {
  readonly rows: number;
  readonly concepts: number;
  /** length c + 1 */
  readonly conceptStart: Uint32Array;
  readonly row: Uint32Array;
  readonly value: Float32Array;
}

/** CSR to CSC by counting; rows stay ascending within each concept. */
export function byConcept(codes: SparseCodes): SparseColumns {
  const { rows, concepts, rowStart, concept, value } = codes;
  const count = rowStart[rows];
  const conceptStart = new Uint32Array(concepts + 1);
  for (let e = 0; e < count; e++) conceptStart[concept[e] + 1]++;
  for (let j = 0; j < concepts; j++) conceptStart[j + 1] += conceptStart[j];
  const next = conceptStart.slice(0, concepts);
  const row = new Uint32Array(count);
  const out = new Float32Array(count);
  for (let i = 0; i < rows; i++) {
    for (let e = rowStart[i]; e < rowStart[i + 1]; e++) {
      const at = next[concept[e]]++;
      row[at] = i;
      out[at] = value[e]!;
    }
  }
  return { rows, concepts, conceptStart, row, value: out };
}
