/** Factors as a dictionary: unit atoms, and something for concepts that ended as nothing. */
import { badInput } from "../../base/errors.ts";
import type { FactorShape } from "./factors.ts";

export interface UnitAtoms {
  /** c x d, unit norm. */
  readonly atoms: Float32Array<ArrayBuffer>;
  /** The same scale applied to the factor itself, c x w. */
  readonly parts: Float32Array<ArrayBuffer>;
  /** Concepts that were zero: they point at rows now. */
  readonly dead: number;
}

/**
 * `factor` is c x w; with w = 2d its halves are positive and negative parts, and their difference
 * is the atom. A concept without direction takes that of a row of `x` (n x w): the longest not taken.
 */
export function unitAtoms(
  factor: Float32Array,
  { rows, width: w, concepts: c }: FactorShape,
  x: Float32Array,
  split: boolean,
): UnitAtoms {
  const d = split ? w / 2 : w;
  const parts = Float32Array.from(factor);
  const atoms = new Float32Array(c * d);
  const atomOf = (part: Float32Array, atom: Float32Array): number => {
    let square = 0;
    for (let t = 0; t < d; t++) {
      atom[t] = split ? part[t] - part[d + t] : part[t];
      square += atom[t] * atom[t];
    }
    return Math.sqrt(square);
  };
  let dead = 0;
  let longest: Uint32Array | undefined;
  for (let j = 0; j < c; j++) {
    const part = parts.subarray(j * w, (j + 1) * w);
    const atom = atoms.subarray(j * d, (j + 1) * d);
    let norm = atomOf(part, atom);
    if (!(norm > 1e-12)) {
      longest ??= byLength(x, rows, w);
      const row = longest[dead++ % rows];
      part.set(x.subarray(row * w, (row + 1) * w));
      norm = atomOf(part, atom);
      if (!(norm > 0)) throw badInput("the training rows are all zero; expected rows with numbers in them");
    }
    for (let t = 0; t < w; t++) part[t] /= norm;
    for (let t = 0; t < d; t++) atom[t] /= norm;
  }
  return { atoms, parts, dead };
}

/** Row numbers, longest first. */
function byLength(x: Float32Array, rows: number, w: number): Uint32Array {
  const squares = new Float64Array(rows);
  for (let i = 0; i < rows; i++) for (let t = i * w; t < (i + 1) * w; t++) squares[i] += x[t] * x[t];
  return Uint32Array.from({ length: rows }, (_, i) => i).sort((a, b) => squares[b] - squares[a] || a - b);
}

/** A line for the user when concepts died. */
export function deadNote(dead: number, concepts: number): readonly string[] {
  if (dead === 0) return [];
  return [`${dead} of ${concepts} concepts ended as zeros and point at long rows instead; ask for fewer`];
}
