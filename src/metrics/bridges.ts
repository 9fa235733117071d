/**
 * Bridges B = E_γ[z_imageᵀ z_text] ⊙ (D Dᵀ) (arXiv 2504.11695): row = image-side concept, column =
 * text-side concept, only those active together on a pair. Every (image, caption) pair counts once.
 * Identity: Σ B = E_γ⟨x̂_image, x̂_text⟩, decoder bias left out of both.
 */
import { byConcept, type SparseCodes } from "../base/sparse-codes.ts";
import type { PairTable } from "../base/rows.ts";
import { eachCoactivation, gatherCodes } from "./coactivation.ts";
import { decodeRow } from "./decode.ts";

/** Sorted by image concept, then text concept; entry e of image concept i: rowStart[i] ≤ e < rowStart[i + 1]. */
export interface Bridges {
  readonly concepts: number;
  /** Matched pairs that the expectation runs over. */
  readonly pairs: number;
  /** c + 1 */
  readonly rowStart: Uint32Array;
  readonly imageConcept: Uint32Array;
  readonly textConcept: Uint32Array;
  /** E over pairs of z_image·z_text */
  readonly coactivation: Float64Array;
  /** ⟨D_i, D_j⟩ */
  readonly cosine: Float32Array;
  /** coactivation · cosine */
  readonly score: Float64Array;
  /** Pairs on which both are active. */
  readonly together: Uint32Array;
}

export function bridges(
  imageCodes: SparseCodes,
  textCodes: SparseCodes,
  pairs: PairTable,
  atoms: Float32Array,
  dimension: number,
): Bridges {
  const c = imageCodes.concepts;
  const n = pairs.image.length;
  const left = byConcept(gatherCodes(imageCodes, pairs.image));
  const right = gatherCodes(textCodes, pairs.text);
  let capacity = 1 << 14;
  let imageConcept = new Uint32Array(capacity);
  let textConcept = new Uint32Array(capacity);
  let coactivation = new Float64Array(capacity);
  let together = new Uint32Array(capacity);
  const rowStart = new Uint32Array(c + 1);
  let size = 0;
  eachCoactivation(left, right, (i, columns, count, sums, hits) => {
    if (size + count > capacity) {
      capacity = Math.max(size + count, capacity * 2);
      imageConcept = grown(imageConcept, capacity);
      textConcept = grown(textConcept, capacity);
      together = grown(together, capacity);
      const wider = new Float64Array(capacity);
      wider.set(coactivation);
      coactivation = wider;
    }
    for (let t = 0; t < count; t++) {
      const j = columns[t];
      imageConcept[size] = i;
      textConcept[size] = j;
      coactivation[size] = sums[j] / n;
      together[size++] = hits[j];
    }
    rowStart[i + 1] = size;
  });
  for (let i = 1; i <= c; i++) rowStart[i] = Math.max(rowStart[i], rowStart[i - 1]);
  const cosine = new Float32Array(size);
  const score = new Float64Array(size);
  for (let e = 0; e < size; e++) {
    const product = innerProduct(atoms, imageConcept[e] * dimension, textConcept[e] * dimension, dimension);
    cosine[e] = product;
    score[e] = coactivation[e] * product;
  }
  return {
    concepts: c,
    pairs: n,
    rowStart,
    imageConcept: imageConcept.slice(0, size),
    textConcept: textConcept.slice(0, size),
    coactivation: coactivation.slice(0, size),
    cosine,
    score,
    together: together.slice(0, size),
  };
}

/** Σ B */
export function bridgeSum(found: Bridges): number {
  let sum = 0;
  for (let e = 0; e < found.score.length; e++) sum += found.score[e];
  return sum;
}

/** E over pairs of ⟨x̂_image, x̂_text⟩ without decoder bias; NaN without pairs. */
export function pairedInnerProduct(
  imageCodes: SparseCodes,
  textCodes: SparseCodes,
  pairs: PairTable,
  atoms: Float32Array,
  dimension: number,
): number {
  const image = new Float64Array(dimension);
  const text = new Float64Array(dimension);
  let sum = 0;
  for (let p = 0; p < pairs.image.length; p++) {
    decodeRow(imageCodes, pairs.image[p], atoms, dimension, undefined, image);
    decodeRow(textCodes, pairs.text[p], atoms, dimension, undefined, text);
    for (let j = 0; j < dimension; j++) sum += image[j] * text[j];
  }
  return sum / pairs.image.length;
}

function innerProduct(atoms: Float32Array, a: number, b: number, dimension: number): number {
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 1 < dimension; j += 2) {
    even += atoms[a + j] * atoms[b + j];
    odd += atoms[a + j + 1] * atoms[b + j + 1];
  }
  if (j < dimension) even += atoms[a + j] * atoms[b + j];
  return even + odd;
}

function grown(values: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(capacity);
  out.set(values);
  return out;
}
