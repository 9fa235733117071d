/** What is asked of a study, about a text or a picture, and the answers: `viaduct query`, `viaduct explain`, the explorer. */
import { z } from "zod";

/** A picture as a person sends it: its bytes in base64, or the number of an image row. */
const askedPicture = z.union([z.object({ base64: z.string() }), z.object({ row: z.int().nonnegative() })]);

/** Of a text, a picture, or both: then also why they are alike. */
export const question = z
  .object({
    dictionary: z.string(),
    text: z.string().max(20_000).optional(),
    image: askedPicture.optional(),
  })
  .refine(({ text, image }) => text !== undefined || image !== undefined);
export type Question = z.infer<typeof question>;

export interface Answer {
  readonly text: QueryAnswer | null;
  readonly image: QueryAnswer | null;
  /** Where both were asked about. */
  readonly explanation: Explanation | null;
}

export interface QueriedConcept {
  readonly concept: number;
  readonly words: string | null;
  /** z */
  readonly activation: number;
  /** Of the reconstruction's squared norm, its decoder bias left out (metrics/code-shares.ts). */
  readonly share: number;
}

export interface NearItem {
  readonly row: number;
  readonly cosine: number;
  readonly file: string | null;
  readonly caption: string | null;
}

export interface QueryAnswer {
  readonly dictionary: string;
  readonly query: {
    readonly modality: "image" | "text";
    readonly words: string;
    readonly row: number | null;
  };
  /** Largest share first. */
  readonly concepts: readonly QueriedConcept[];
  /** cos(x, x̂): how much of the query the concepts hold; null for a vector of zeros. */
  readonly reconstructionCosine: number | null;
  /** Without the query's own row; null where the embeddings are not there (a site that was exported without them). */
  readonly nearest: Readonly<Record<"image" | "text", readonly NearItem[]>> | null;
}

export interface ExplainedTerm {
  readonly imageConcept: number;
  readonly textConcept: number;
  readonly imageWords: string | null;
  readonly textWords: string | null;
  /** "shared" when one concept is active on both sides, else "bridge". */
  readonly kind: "shared" | "bridge";
  /** z_i·z'_j·⟨D_i, D_j⟩ */
  readonly value: number;
}

export interface Explanation {
  readonly dictionary: string;
  readonly image: { readonly words: string; readonly row: number | null };
  readonly text: { readonly words: string; readonly row: number | null };
  /** ⟨x_image, x_text⟩ = shared + bridges + remainder; the cosine where rows have unit norm. */
  readonly similarity: number;
  readonly shared: number;
  readonly bridges: number;
  /** What neither holds: decoder biases and all that the dictionary leaves. */
  readonly remainder: number;
  /** Every pair of active concepts, largest |value| first. */
  readonly terms: readonly ExplainedTerm[];
}
