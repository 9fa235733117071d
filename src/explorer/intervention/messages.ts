/** What the page asks the worker that computes interventions, and what it answers. */
import type { RowCodes } from "../data/code-rows.ts";
import type { Modality } from "../data/dictionary-tables.ts";
import type { InterventionData, Nearest, OfEmbeddings, Outcome } from "./engine.ts";

export type Embeddings = Readonly<Record<Modality, Float32Array<ArrayBuffer>>>;

/** The row that nearest rows are looked for. */
export interface NearestQuestion {
  readonly side: Modality;
  readonly row: number;
  readonly codes: RowCodes;
  readonly among: Modality;
  readonly most: number;
}

export type Asked =
  | { readonly kind: "open"; readonly data: InterventionData }
  | { readonly kind: "embeddings"; readonly embeddings: Embeddings }
  | { readonly kind: "apply"; readonly scales: Float32Array<ArrayBuffer> }
  | { readonly kind: "nearest"; readonly question: NearestQuestion };

export interface Answers {
  /** What computes the inner products, in words. */
  open: { readonly engine: string; readonly before: Outcome };
  embeddings: OfEmbeddings;
  apply: Outcome;
  nearest: Nearest;
}

export type Reply = { readonly answer: Answers[keyof Answers] } | { readonly problem: string };
