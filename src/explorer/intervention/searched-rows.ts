/**
 * The rows that an intervention is measured on: every searched image and the text of each of its pairs,
 * rebuilt from their codes with every concept scaled. What did not change is not rebuilt again.
 */
import type { SparseCodes } from "../../base/sparse-codes.ts";

export interface RowsToRebuild {
  /** Of the searched rows. */
  readonly codes: SparseCodes;
  /** c x d */
  readonly atoms: Float32Array;
  /** d */
  readonly bias: Float32Array;
}

export class RebuiltRows {
  readonly #from: RowsToRebuild;
  readonly #dimension: number;
  /** n x d, of unit length where not zero. */
  readonly unit: Float32Array<ArrayBuffer>;
  /** With every concept as it is: n x d of unit length, and the lengths. */
  readonly original: { readonly unit: Float32Array<ArrayBuffer>; readonly length: Float64Array };
  readonly #length: Float64Array;

  constructor(from: RowsToRebuild) {
    this.#from = from;
    this.#dimension = from.bias.length;
    const { rows } = from.codes;
    this.unit = new Float32Array(rows * this.#dimension);
    this.#length = new Float64Array(rows);
    for (let row = 0; row < rows; row++) this.#rebuild(row, null);
    this.original = { unit: this.unit.slice(), length: this.#length.slice() };
  }

  get rows(): number {
    return this.#length.length;
  }

  /** Length of the rebuilt row before it was made a unit. */
  lengthOf(row: number): number {
    return this.#length[row]!;
  }

  /** Rebuilds the rows on which a concept marked in `changed` (c) is active; says which. */
  rescale(scales: Float32Array, changed: Uint8Array): Uint32Array {
    const { rowStart, concept } = this.#from.codes;
    const rebuilt: number[] = [];
    for (let row = 0; row < this.rows; row++) {
      for (let e = rowStart[row]!; e < rowStart[row + 1]!; e++) {
        if (changed[concept[e]!] === 0) continue;
        this.#rebuild(row, scales);
        rebuilt.push(row);
        break;
      }
    }
    return Uint32Array.from(rebuilt);
  }

  #rebuild(row: number, scales: Float32Array | null): void {
    const d = this.#dimension;
    const into = this.unit.subarray(row * d, (row + 1) * d);
    const { codes } = this.#from;
    const [start, end] = [codes.rowStart[row]!, codes.rowStart[row + 1]!];
    const { concept, value } = codes;
    this.#length[row] = rebuildRow(
      { concept: concept.subarray(start, end), value: value.subarray(start, end) },
      this.#from,
      scales,
      into,
    );
  }
}

/** x̂ = Σ s_j z_j D_j + b, made a unit in `into`; its length. `scales` null: all 1. */
export function rebuildRow(
  { concept, value }: { readonly concept: Uint32Array; readonly value: Float32Array },
  { atoms, bias }: Pick<RowsToRebuild, "atoms" | "bias">,
  scales: Float32Array | null,
  into: Float32Array,
): number {
  const d = bias.length;
  into.set(bias);
  for (let e = 0; e < concept.length; e++) {
    const j = concept[e]!;
    const weight = scales === null ? value[e]! : value[e]! * scales[j]!;
    if (weight === 0) continue;
    const at = j * d;
    for (let q = 0; q < d; q++) into[q]! += weight * atoms[at + q]!;
  }
  let squared = 0;
  for (let q = 0; q < d; q++) squared += into[q]! * into[q]!;
  const length = Math.sqrt(squared);
  const by = length === 0 ? 0 : 1 / length;
  for (let q = 0; q < d; q++) into[q]! *= by;
  return length;
}
