/** `viaduct explain`: why an image and a text are alike, split into shared concepts, bridges and the remainder. */
import type { Explanation } from "../../protocol/query.ts";
import { explainPoints } from "../../queries/explain-points.ts";
import { askedStudy, openForQuery, type QueriedStudy } from "./open-query.ts";
import type { QueryEffects } from "./query.ts";
import { queryPoint, type Words } from "./query-input.ts";

export interface ExplainSpec {
  readonly study: string;
  /** Default: the study's only one. */
  readonly dictionary?: string;
  /** A picture file, the file of an item of the set, a row number, or a picture's bytes. */
  readonly image: string | Uint8Array;
  /** Words, or a row number; `{ words }` is never a number. */
  readonly text: string | Words;
}

export async function explainPair(spec: ExplainSpec, effects: QueryEffects): Promise<Explanation> {
  const opened = await openForQuery(spec.study, spec.dictionary);
  try {
    return await explainOpened(opened, spec, effects);
  } finally {
    await opened.close();
  }
}

/** The same of a study that is open already. */
export async function explainOpened(
  opened: QueriedStudy,
  spec: Pick<ExplainSpec, "image" | "text">,
  effects: QueryEffects,
): Promise<Explanation> {
  const encoder = (): ReturnType<QueryEffects["encoder"]> => effects.encoder(opened);
  const image = await queryPoint(opened.set, "image", spec.image, encoder);
  const text = await queryPoint(opened.set, "text", spec.text, encoder);
  return explainPoints(askedStudy(opened, effects.backend), image, text);
}
