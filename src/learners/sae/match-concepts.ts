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
import { encodeRows, type EncodeOptions } from "../codes.ts";
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
  { signal }: Pick<EncodeOptions, "signal"> = {},
): Promise<ConceptMatch[]> {
  const { image, text } = trainingPairs(data, split);
  const sides = { image: selectedSource(data.image, image), text: selectedSource(data.text, text) };
  const options = signal === undefined ? {} : { signal };
  const ofImage = await encodeRows(dictionary, sides.image, "image", backend, options);
  const ofText = await encodeRows(dictionary, sides.text, "text", backend, options);
  const partnerOf = bestPartners(sideOf(ofImage, 0, imageConcepts), sideOf(ofText, imageConcepts));
  const shared = sharedBy(ofImage, ofText, partnerOf);
  const [a, b] = [momentsOf(ofImage), momentsOf(ofText)];
  const matches: ConceptMatch[] = [];
  partnerOf.forEach((j, i) => {
    if (j < 0) return;
    const covariance = shared.products[i] / ofImage.rows - a.mean[i] * b.mean[j];
    const correlation = covariance / (a.deviation[i] * b.deviation[j]);
    matches.push({
      imageConcept: i,
      textConcept: j,
      correlation: a.deviation[i] > 0 && b.deviation[j] > 0 ? correlation : null,
      cosine: cosine(dictionary, i, j),
      coactive: shared.coactive[i],
    });
  });
  return matches;
}

/** The codes of one modality's concepts `first` … `first + count − 1`. */
interface Side {
  readonly codes: SparseCodes;
  readonly first: number;
  readonly count: number;
  readonly moments: ReturnType<typeof momentsOf>;
}

function sideOf(codes: SparseCodes, first: number, count = codes.concepts - first): Side {
  return { codes, first, count, moments: momentsOf(codes) };
}

/** Of every image concept the text concept assigned to it, or −1. */
function bestPartners(image: Side, text: Side): Int32Array {
  // The smaller side gives the rows, which is what the assignment works on without a copy.
  const swapped = image.count > text.count;
  const [rows, columns] = swapped ? [text, image] : [image, text];
  const { columnOf } = assign(negatedCorrelations(rows, columns), rows.count, columns.count);
  const partnerOf = new Int32Array(image.count).fill(-1);
  columnOf.forEach((column, row) => {
    const [i, j] = swapped ? [column, row] : [row, column];
    partnerOf[i] = text.first + j;
  });
  return partnerOf;
}

/** −r, 0 where undefined, in float32: the one matrix of this size that is held. */
function negatedCorrelations(a: Side, b: Side): Float32Array {
  const out = new Float32Array(a.count * b.count);
  for (let p = 0; p < a.codes.rows; p++) {
    for (let e = a.codes.rowStart[p]; e < a.codes.rowStart[p + 1]; e++) {
      const row = (a.codes.concept[e] - a.first) * b.count - b.first;
      const value = a.codes.value[e];
      for (let f = b.codes.rowStart[p]; f < b.codes.rowStart[p + 1]; f++) {
        out[row + b.codes.concept[f]] += value * b.codes.value[f];
      }
    }
  }
  for (let i = 0; i < a.count; i++) {
    const [mean, deviation] = [a.moments.mean[a.first + i], a.moments.deviation[a.first + i]];
    for (let j = 0; j < b.count; j++) {
      const both = deviation * b.moments.deviation[b.first + j];
      const covariance = out[i * b.count + j] / a.codes.rows - mean * b.moments.mean[b.first + j];
      out[i * b.count + j] = both > 0 ? -covariance / both : 0;
    }
  }
  return out;
}

/** Σ z_i·z_j over the pairs, j the partner of i, and the number of pairs on which both are active. */
function sharedBy(image: SparseCodes, text: SparseCodes, partnerOf: Int32Array) {
  const products = new Float64Array(partnerOf.length);
  const coactive = new Uint32Array(partnerOf.length);
  const value = new Float64Array(text.concepts);
  for (let p = 0; p < image.rows; p++) {
    const [first, end] = [text.rowStart[p], text.rowStart[p + 1]];
    for (let f = first; f < end; f++) value[text.concept[f]] = text.value[f];
    for (let e = image.rowStart[p]; e < image.rowStart[p + 1]; e++) {
      const i = image.concept[e];
      const other = partnerOf[i] < 0 ? 0 : value[partnerOf[i]];
      if (other === 0) continue;
      products[i] += image.value[e] * other;
      coactive[i]++;
    }
    for (let f = first; f < end; f++) value[text.concept[f]] = 0;
  }
  return { products, coactive };
}

function momentsOf({ rows, concepts, concept, value }: SparseCodes) {
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
