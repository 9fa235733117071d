/**
 * Which concept tells best whether a row has a property: "active above θ" as a classifier, concept and θ
 * chosen by F1 on one half of the rows and judged on the other.
 *   F1 = 2·hits / (rows called + rows that have it).
 */
import type { SparseColumns } from "../base/sparse-codes.ts";

export interface Detector {
  readonly concept: number;
  /** A row is called when z ≥ θ. */
  readonly threshold: number;
  /** F1 on the rows that did not choose it. */
  readonly f1: number;
  /** F1 there of calling every row: what knowing nothing gives. */
  readonly chance: number;
}

/** Activations of every concept, the strongest first. */
export interface RankedCodes {
  readonly rows: number;
  readonly concepts: readonly { readonly row: Uint32Array; readonly value: Float32Array }[];
}

export function rankCodes({ rows, concepts, conceptStart, row, value }: SparseColumns): RankedCodes {
  const ranked = Array.from({ length: concepts }, (_, j) => {
    const entries = Uint32Array.from(
      { length: conceptStart[j + 1] - conceptStart[j] },
      (_, e) => conceptStart[j] + e,
    ).sort((a, b) => value[b] - value[a] || row[a] - row[b]);
    return { row: entries.map((e) => row[e]), value: Float32Array.from(entries, (e) => value[e]) };
  });
  return { rows, concepts: ranked };
}

/**
 * `has` is 1 for rows with the property, `judging` 1 for rows that judge. Null where either half has no
 * such row, or no concept is ever active on one.
 */
export function bestDetector(codes: RankedCodes, has: Uint8Array, judging: Uint8Array): Detector | null {
  let choosing = 0;
  let judged = 0;
  let judges = 0;
  for (let i = 0; i < codes.rows; i++) {
    judges += judging[i];
    if (has[i] === 0) continue;
    if (judging[i] === 1) judged++;
    else choosing++;
  }
  if (choosing === 0 || judged === 0) return null;
  let best: { concept: number; threshold: number; f1: number } | null = null;
  codes.concepts.forEach(({ row, value }, concept) => {
    let called = 0;
    let hits = 0;
    for (let e = 0; e < row.length; e++) {
      if (judging[row[e]] === 0) {
        called++;
        hits += has[row[e]];
      }
      // Equal activations are called together.
      if (value[e] === value[e + 1]) continue;
      const f1 = (2 * hits) / (called + choosing);
      if (f1 > (best?.f1 ?? 0)) best = { concept, threshold: value[e], f1 };
    }
  });
  if (best === null) return null;
  const { concept, threshold } = best as { concept: number; threshold: number };
  const { row, value } = codes.concepts[concept];
  let called = 0;
  let hits = 0;
  for (let e = 0; e < row.length && value[e] >= threshold; e++) {
    if (judging[row[e]] === 0) continue;
    called++;
    hits += has[row[e]];
  }
  return {
    concept,
    threshold,
    f1: (2 * hits) / (called + judged),
    chance: (2 * judged) / (judges + judged),
  };
}
