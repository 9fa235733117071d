/** What single rows are made of, from their codes and the atoms of their concepts alone. */
import { similarityExplained, type SimilarityTerm } from "../../metrics/similarity-explained.ts";
import type { RowCodes } from "./code-rows.ts";
import type { Modality } from "./dictionary-tables.ts";
import type { MatrixRows } from "./matrix-rows.ts";

export interface RowPlace {
  side: Modality;
  row: number;
}

export interface RowVectors {
  codes: { read(side: Modality, row: number): Promise<RowCodes> };
  /** Null: the atoms are not there. */
  atoms: Pick<MatrixRows, "read"> | null;
  /** ⟨x image, x text⟩; null where nothing there says it. */
  similarity: (image: number, text: number) => Promise<number | null>;
}

export interface ActiveConcept {
  concept: number;
  activation: number;
  /** Its part of ‖x̂ − b‖²; all add up to 1. Null without atoms. */
  share: number | null;
}

/** Strongest first. */
export async function activeConcepts({ codes, atoms }: RowVectors, at: RowPlace): Promise<ActiveConcept[]> {
  const row = await codes.read(at.side, at.row);
  const shares = atoms === null ? null : await sharesOf(row, atoms);
  return Array.from(row.concept, (concept, e) => ({
    concept,
    activation: row.value[e]!,
    share: shares?.[e] ?? null,
  })).sort((a, b) => Math.abs(b.activation) - Math.abs(a.activation) || a.concept - b.concept);
}

/** z_j ⟨D_j, Σ z_i D_i⟩ / ‖Σ z_i D_i‖² */
async function sharesOf(row: RowCodes, atoms: Pick<MatrixRows, "read">): Promise<number[] | null> {
  const directions = await atoms.read(row.concept);
  const rebuilt = new Float64Array(directions[0]?.length ?? 0);
  directions.forEach((atom, e) => atom.forEach((value, q) => (rebuilt[q]! += row.value[e]! * value)));
  const square = rebuilt.reduce((sum, value) => sum + value * value, 0);
  if (!(square > 0)) return null;
  return directions.map(
    (atom, e) => (row.value[e]! * rebuilt.reduce((sum, value, q) => sum + value * atom[q]!, 0)) / square,
  );
}

export interface MatchTerm extends SimilarityTerm {
  imageActivation: number;
  textActivation: number;
}

/** ⟨x image, x text⟩ = shared + bridges + remainder. */
export interface Match {
  /** Null, as the remainder is, where the embeddings are not there. */
  similarity: number | null;
  shared: number;
  bridges: number;
  remainder: number | null;
  /** Every pair of active concepts, largest |value| first. */
  terms: readonly MatchTerm[];
}

/** Null without atoms. */
export async function matchOf(
  { codes, atoms, similarity }: RowVectors,
  imageRow: number,
  textRow: number,
): Promise<Match | null> {
  if (atoms === null) return null;
  const [image, text, whole] = await Promise.all([
    codes.read("image", imageRow),
    codes.read("text", textRow),
    similarity(imageRow, textRow),
  ]);
  const concepts = [...new Set([...image.concept, ...text.concept])];
  const local = new Map(concepts.map((concept, i) => [concept, i]));
  const directions = await atoms.read(concepts);
  const dimension = directions[0]?.length ?? 0;
  const matrix = new Float32Array(concepts.length * dimension);
  directions.forEach((atom, i) => matrix.set(atom, i * dimension));
  const side = ({ concept, value }: RowCodes) => ({
    codes: {
      rows: 1,
      concepts: concepts.length,
      rowStart: Uint32Array.of(0, concept.length),
      concept: concept.map((one) => local.get(one)!),
      value,
    },
    row: 0,
    x: new Float32Array(),
  });
  const { terms } = similarityExplained(side(image), side(text), matrix, dimension);
  const total = (kind: SimilarityTerm["kind"]): number =>
    terms.reduce((sum, term) => (term.kind === kind ? sum + term.value : sum), 0);
  const [shared, bridges] = [total("shared"), total("bridge")];
  const activations = (row: RowCodes) => new Map(Array.from(row.concept, (one, e) => [one, row.value[e]!]));
  const [ofImage, ofText] = [activations(image), activations(text)];
  return {
    similarity: whole,
    shared,
    bridges,
    remainder: whole === null ? null : whole - shared - bridges,
    terms: terms.map(({ imageConcept, textConcept, kind, value }) => {
      const [i, j] = [concepts[imageConcept]!, concepts[textConcept]!];
      return {
        imageConcept: i,
        textConcept: j,
        kind,
        value,
        imageActivation: ofImage.get(i)!,
        textActivation: ofText.get(j)!,
      };
    }),
  };
}
