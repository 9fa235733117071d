/** `viaduct query`: which concepts a picture or text activates, and what in the set is nearest to it. */
import { badUsage } from "../../base/errors.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { QueryAnswer } from "../../protocol/query.ts";
import { answerPoint } from "../../queries/answer-point.ts";
import { askedStudy, openForQuery, type QueriedStudy } from "./open-query.ts";
import { queryPoint, type QueryEncoder, type Words } from "./query-input.ts";

export interface QuerySpec {
  readonly study: string;
  /** Default: the study's only one. */
  readonly dictionary?: string;
  /** A picture file, the file of an item of the set, a row number, or a picture's bytes. */
  readonly image?: string | Uint8Array;
  /** Words, or a row number; `{ words }` is never a number. One of `image` and `text` is given. */
  readonly text?: string | Words;
  /** Nearest items of each modality; default 10. */
  readonly nearest?: number;
}

export interface QueryEffects {
  readonly backend: Backend;
  /** The set's own model; opened only where the query is about something that the set does not hold. */
  readonly encoder: (study: QueriedStudy) => Promise<QueryEncoder>;
  readonly signal?: AbortSignal;
}

export async function queryStudy(spec: QuerySpec, effects: QueryEffects): Promise<QueryAnswer> {
  const opened = await openForQuery(spec.study, spec.dictionary);
  try {
    return await queryOpened(opened, spec, effects);
  } finally {
    await opened.close();
  }
}

/** The same of a study that is open already. */
export async function queryOpened(
  opened: QueriedStudy,
  { image, text, nearest }: Omit<QuerySpec, "study" | "dictionary">,
  { backend, encoder, signal }: QueryEffects,
): Promise<QueryAnswer> {
  if ((image === undefined) === (text === undefined)) {
    throw badUsage("a query is about either a picture or a text; give one of --image and --text");
  }
  const modality = image === undefined ? "text" : "image";
  const point = await queryPoint(opened.set, modality, (image ?? text)!, () => encoder(opened));
  return answerPoint(askedStudy(opened, backend), point, {
    ...(nearest === undefined ? {} : { nearest }),
    ...(signal === undefined ? {} : { signal }),
  });
}
