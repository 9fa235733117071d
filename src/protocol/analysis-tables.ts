/**
 * Columns of the tables that `analyze` writes and the explorer reads. The types are the rows;
 * docs/study-folder.md gives units and definitions (spec of each in docs/metrics/).
 */

/** analysis/concepts.parquet: row j is concept j. */
export interface ConceptRow {
  concept: number;
  /** E[z], pooled over all rows. */
  energy: number;
  /** ½(E_image + E_text). */
  energyBalanced: number;
  /** E[z²], pooled. */
  energySquared: number;
  imageEnergy: number;
  textEnergy: number;
  /** Share of rows on which the concept is active. */
  imageFrequency: number;
  textFrequency: number;
  imageActive: number;
  textActive: number;
  imageMaximum: number;
  textMaximum: number;
  /** E_image / (E_image + E_text) in [0, 1]; null when never active. */
  modalityScore: number | null;
  /** Approximate 95 % interval of the score, rows taken as draws (metrics/modality-interval.ts). */
  modalityScoreLow: number | null;
  modalityScoreHigh: number | null;
  /** |cos| of the atom with the modality direction and with the probe's normal. */
  modalityDirectionCosine: number;
  modalityProbeCosine: number;
  /** ‖P·atom‖ in the modality subspace. */
  modalitySubspaceNorm: number;
  /** Held-out accuracy of telling modality from ⟨x, atom⟩ and from z. */
  directionAccuracy: number;
  activationAccuracy: number;
  /** Monosemanticity by the set's own embeddings (2602.12403); null when undefined. */
  monosemanticity: number | null;
  /** Bridges (co-active pairs of concepts) with it on the image side, on the text side, on either: that to itself once. */
  imageBridges: number;
  textBridges: number;
  bridges: number;
  /** Bridges with it on either side that have a positive score and both q-values below 0.05. */
  significantBridges: number;
  /** Position on the concept map. */
  x: number;
  y: number;
  /** Position in the plane of the atoms' two principal directions, in the units of the atoms. */
  pcaX: number;
  pcaY: number;
  /** The strongest example of either side, a row within its modality; null where there is none. */
  topImage: number | null;
  topText: number | null;
  /** First row and number of rows in the tables that are sorted by concept; those of bridges hold the ones worth showing. */
  exampleStart: number;
  exampleCount: number;
  bridgeStart: number;
  bridgeCount: number;
  bridgeByTextStart: number;
  bridgeByTextCount: number;
  neighbourStart: number;
  neighbourCount: number;
  wordStart: number;
  wordCount: number;
  /** Up to three words that captions of its rows have most above all captions; null where none tells. */
  words: string | null;
}

export type Band = "top" | "middle" | "low";

/** analysis/examples.parquet, sorted by concept, modality (image first), band, rank. */
export interface ExampleRow {
  concept: number;
  modality: "image" | "text";
  band: Band;
  rank: number;
  /** Row within its modality. */
  row: number;
  activation: number;
}

/** analysis/bridges.parquet (by imageConcept, score descending), bridges-by-text.parquet and bridges-strongest.parquet. */
export interface BridgeRow {
  imageConcept: number;
  textConcept: number;
  /** E over pairs of z_image·z_text. */
  coactivation: number;
  /** ⟨D_i, D_j⟩ */
  cosine: number;
  /** coactivation · cosine */
  score: number;
  /** Pairs on which both are active. */
  pairs: number;
  /** Against shuffled pairing: z-score, p-value, Benjamini–Hochberg q-value over all candidates. */
  shuffleZ: number;
  shuffleP: number;
  shuffleQ: number;
  /** Against the permuted dictionary. */
  permutedP: number;
  permutedQ: number;
}

/** analysis/neighbours.parquet, sorted by concept and rank. */
export interface NeighbourRow {
  concept: number;
  rank: number;
  neighbour: number;
  cosine: number;
}

/** analysis/histograms.parquet: row 2j is concept j's image side, row 2j + 1 its text side. */
export interface HistogramRow {
  concept: number;
  modality: "image" | "text";
  /** Equal bins over (0, maximum of both modalities]. */
  upper: number;
  counts: number[];
}

/**
 * Where words come from: captions that it is active on, captions of pictures that it is active on, or
 * words that point along its atom.
 */
export type WordList = "texts" | "pictures" | "direction";

/** analysis/words.parquet, sorted by concept, list and rank. */
export interface WordRow {
  concept: number;
  list: WordList;
  rank: number;
  word: string;
  /** G² of `texts` and `pictures` (metrics/word-contrast.ts), cosine with the atom of `direction`. */
  score: number;
}
