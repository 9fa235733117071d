/**
 * Why one image and one caption are alike: ⟨x̂_image, x̂_text⟩ = Σ_ij z_i z'_j ⟨D_i, D_j⟩ (decoder bias
 * left out), term by term, and what the dictionary leaves: ⟨x_image, x_text⟩ − ⟨x̂_image, x̂_text⟩.
 */
import type { SparseCodes } from "../base/sparse-codes.ts";

export interface SimilarityTerm {
  readonly imageConcept: number;
  readonly textConcept: number;
  /** "shared" when one concept is active on both sides, else "bridge". */
  readonly kind: "shared" | "bridge";
  readonly value: number;
}

export interface SimilarityExplained {
  /** All pairs of active concepts, largest |value| first. */
  readonly terms: readonly SimilarityTerm[];
  /** Σ values = ⟨x̂_image, x̂_text⟩ */
  readonly explained: number;
  /** ⟨x_image, x_text⟩ */
  readonly similarity: number;
  /** similarity − explained */
  readonly remainder: number;
}

export function similarityExplained(
  image: { readonly codes: SparseCodes; readonly row: number; readonly x: Float32Array },
  text: { readonly codes: SparseCodes; readonly row: number; readonly x: Float32Array },
  atoms: Float32Array,
  dimension: number,
): SimilarityExplained {
  const terms: SimilarityTerm[] = [];
  let explained = 0;
  for (let e = image.codes.rowStart[image.row]; e < image.codes.rowStart[image.row + 1]; e++) {
    const i = image.codes.concept[e];
    for (let f = text.codes.rowStart[text.row]; f < text.codes.rowStart[text.row + 1]; f++) {
      const j = text.codes.concept[f];
      let product = 0;
      for (let q = 0; q < dimension; q++) product += atoms[i * dimension + q] * atoms[j * dimension + q];
      const value = image.codes.value[e] * text.codes.value[f] * product;
      explained += value;
      terms.push({ imageConcept: i, textConcept: j, kind: i === j ? "shared" : "bridge", value });
    }
  }
  terms.sort(
    (a, b) =>
      Math.abs(b.value) - Math.abs(a.value) ||
      a.imageConcept - b.imageConcept ||
      a.textConcept - b.textConcept,
  );
  let similarity = 0;
  for (let q = 0; q < dimension; q++) similarity += image.x[q] * text.x[q];
  return { terms, explained, similarity, remainder: similarity - explained };
}
