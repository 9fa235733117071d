/** `viaduct query`: which concepts a picture or text activates, and what in the set is nearest to it. */
import { rowsInMemory, type Modality } from "../../base/rows.ts";
import { badUsage } from "../../base/errors.ts";
import type { Backend } from "../../kernels/backend.ts";
import { decodeCodes, encodeRows } from "../../learners/codes.ts";
import { codeShares } from "../../metrics/code-shares.ts";
import type { NearItem, QueryAnswer } from "../../protocol/query.ts";
import { nearestRows } from "./nearest-rows.ts";
import { openForQuery, type QueriedStudy } from "./open-query.ts";
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
  spec: Omit<QuerySpec, "study" | "dictionary">,
  effects: QueryEffects,
): Promise<QueryAnswer> {
  if ((spec.image === undefined) === (spec.text === undefined)) {
    throw badUsage("a query is about either a picture or a text; give one of --image and --text");
  }
  return answer(opened, spec, effects);
}

async function answer(
  opened: QueriedStudy,
  spec: Omit<QuerySpec, "study" | "dictionary">,
  { backend, encoder, signal }: QueryEffects,
): Promise<QueryAnswer> {
  const { set, stored, words } = opened;
  const { dictionary } = stored;
  const modality = spec.image === undefined ? "text" : "image";
  const point = await queryPoint(set, modality, (spec.image ?? spec.text)!, () => encoder(opened));
  const source = rowsInMemory(point.vector, dictionary.dimension);
  const codes = await encodeRows(dictionary, source, modality, backend);
  const active = codeShares(codes, 0, dictionary.atoms, dictionary.dimension);
  const near = async (other: Modality): Promise<NearItem[]> => {
    const own = other === modality ? point.row : null;
    const count = spec.nearest ?? 10;
    const found = await nearestRows(
      point.vector,
      set.embeddings[other],
      own === null ? count : count + 1,
      signal,
    );
    const kept = found.filter(({ row }) => row !== own).slice(0, count);
    const items = await set.items[other].at(kept.map(({ row }) => row));
    return kept.map(({ row, cosine }, i) => ({
      row,
      cosine,
      file: items[i]!.file,
      caption: items[i]!.caption,
    }));
  };
  return {
    dictionary: stored.name,
    query: { modality, words: point.words, row: point.row },
    concepts: await Promise.all(active.map(async (one) => ({ ...one, words: await words(one.concept) }))),
    reconstructionCosine: cosine(point.vector, decodeCodes(codes, dictionary, modality)),
    nearest: { image: await near("image"), text: await near("text") },
  };
}

function cosine(a: Float32Array, b: Float32Array): number | null {
  let [product, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return aa > 0 && bb > 0 ? product / Math.sqrt(aa * bb) : null;
}
