/** Which concepts a picture or text activates, and what in the set is nearest to it. */
import { rowsInMemory, type Modality } from "../base/rows.ts";
import { decodeCodes, encodeRows } from "../learners/codes.ts";
import { nearestRows } from "../linalg/nearest-rows.ts";
import { codeShares } from "../metrics/code-shares.ts";
import type { NearItem, QueryAnswer } from "../protocol/query.ts";
import type { AskedStudy, QueryPoint } from "./asked-study.ts";

export interface AnswerOptions {
  /** Nearest items of each modality; default 10. */
  readonly nearest?: number;
  readonly signal?: AbortSignal;
}

export async function answerPoint(
  study: AskedStudy,
  point: QueryPoint,
  { nearest: count = 10, signal }: AnswerOptions = {},
): Promise<QueryAnswer> {
  const { name, dictionary, backend, words, embeddings } = study;
  const { modality, vector } = point;
  const codes = await encodeRows(dictionary, rowsInMemory(vector, dictionary.dimension), modality, backend);
  const active = codeShares(codes, 0, dictionary.atoms, dictionary.dimension);
  const near = async (other: Modality): Promise<NearItem[]> => {
    const own = other === modality ? point.row : null;
    const found = await nearestRows(vector, embeddings![other], own === null ? count : count + 1, signal);
    const kept = found.filter(({ row }) => row !== own).slice(0, count);
    const items = await study.items(
      other,
      kept.map(({ row }) => row),
    );
    return kept.map(({ row, cosine }, i) => ({
      row,
      cosine,
      file: items[i].file,
      caption: items[i].caption,
    }));
  };
  return {
    dictionary: name,
    query: { modality, words: point.words, row: point.row },
    concepts: await Promise.all(active.map(async (one) => ({ ...one, words: await words(one.concept) }))),
    reconstructionCosine: cosine(vector, decodeCodes(codes, dictionary, modality)),
    nearest: embeddings === null ? null : { image: await near("image"), text: await near("text") },
  };
}

function cosine(a: Float32Array, b: Float32Array): number | null {
  let [product, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa > 0 && bb > 0 ? product / Math.sqrt(aa * bb) : null;
}
