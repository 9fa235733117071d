/**
 * One-to-one matching of image concepts with text concepts by the correlation of their activations
 * over pairs: the assignment with the largest Σ r_ij, where over P pairs (x, y)
 *   r_ij = (Σ z_i(x)·z_j(y)/P − m_i·m_j) / (s_i·s_j),
 * m and s the mean and deviation of each side's codes. Concepts that never fire on a pair have no r.
 */
import type { EmbeddingRows } from "../../base/rows.ts";
import { selectedSource } from "../../base/row-selection.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import { assign } from "../../linalg/linear-assignment.ts";
import { encodeRows } from "../codes.ts";
import type { Dictionary } from "../dictionary.ts";
import type { ConceptMatch, RowSplit } from "../learner.ts";
import { trainingPairs } from "../training-pairs.ts";

/** Image concepts are 0 … imageConcepts − 1, the others texts'; ascending by image concept. */
export async function matchConcepts(
  dictionary: Dictionary,
  imageConcepts: number,
  data: EmbeddingRows,
  split: RowSplit,
  backend: Backend,
): Promise<ConceptMatch[]> {
  const { image, text } = trainingPairs(data, split);
  const sides = { image: selectedSource(data.image, image), text: selectedSource(data.text, text) };
  const ofImage = await encodeRows(dictionary, sides.image, "image", backend);
  const ofText = await encodeRows(dictionary, sides.text, "text", backend);
  const textConcepts = dictionary.concepts - imageConcepts;
  const { correlation, coactive } = correlations(ofImage, ofText, imageConcepts, textConcepts);
  const { columnOf } = assign(
    correlation.map((r) => (Number.isNaN(r) ? 0 : r)),
    imageConcepts,
    textConcepts,
    { maximize: true },
  );
  const matches: ConceptMatch[] = [];
  columnOf.forEach((column, i) => {
    if (column < 0) return;
    const at = i * textConcepts + column;
    matches.push({
      imageConcept: i,
      textConcept: imageConcepts + column,
      correlation: Number.isNaN(correlation[at]) ? null : correlation[at],
      cosine: cosine(dictionary, i, imageConcepts + column),
      coactive: coactive[at],
    });
  });
  return matches;
}

/** r (NaN where undefined) and the number of co-active pairs, imageConcepts x textConcepts each. */
function correlations(image: SparseCodes, text: SparseCodes, imageConcepts: number, textConcepts: number) {
  const correlation = new Float64Array(imageConcepts * textConcepts);
  const coactive = new Uint32Array(correlation.length);
  for (let p = 0; p < image.rows; p++) {
    for (let e = image.rowStart[p]; e < image.rowStart[p + 1]; e++) {
      const row = image.concept[e] * textConcepts - imageConcepts;
      for (let f = text.rowStart[p]; f < text.rowStart[p + 1]; f++) {
        correlation[row + text.concept[f]] += image.value[e] * text.value[f];
        coactive[row + text.concept[f]]++;
      }
    }
  }
  const a = moments(image);
  const b = moments(text);
  for (let i = 0; i < imageConcepts; i++) {
    for (let j = 0; j < textConcepts; j++) {
      const other = imageConcepts + j;
      const at = i * textConcepts + j;
      const covariance = correlation[at] / image.rows - a.mean[i] * b.mean[other];
      correlation[at] =
        a.deviation[i] > 0 && b.deviation[other] > 0
          ? covariance / (a.deviation[i] * b.deviation[other])
          : NaN;
    }
  }
  return { correlation, coactive };
}

function moments({ rows, concepts, concept, value }: SparseCodes) {
  const mean = new Float64Array(concepts);
  const deviation = new Float64Array(concepts);
  for (let e = 0; e < value.length; e++) {
    mean[concept[e]] += value[e] / rows;
    deviation[concept[e]] += (value[e] * value[e]) / rows;
  }
  for (let j = 0; j < concepts; j++) deviation[j] = Math.sqrt(Math.max(0, deviation[j] - mean[j] ** 2));
  return { mean, deviation };
}

function cosine({ atoms, dimension: d }: Dictionary, i: number, j: number): number {
  let sum = 0;
  for (let t = 0; t < d; t++) sum += atoms[i * d + t] * atoms[j * d + t];
  return sum;
}
