/** `viaduct explain`: why an image and a text are alike, split into shared concepts, bridges and the remainder. */
import { rowsInMemory } from "../../base/rows.ts";
import { encodeRows } from "../../learners/codes.ts";
import { similarityExplained } from "../../metrics/similarity-explained.ts";
import type { ExplainedTerm, Explanation } from "../../protocol/query.ts";
import { openForQuery, type QueriedStudy } from "./open-query.ts";
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
  const { set, stored, words } = opened;
  const { dictionary } = stored;
  const encoder = (): ReturnType<QueryEffects["encoder"]> => effects.encoder(opened);
  const image = await queryPoint(set, "image", spec.image, encoder);
  const text = await queryPoint(set, "text", spec.text, encoder);
  const side = async (point: typeof image) => ({
    codes: await encodeRows(
      dictionary,
      rowsInMemory(point.vector, dictionary.dimension),
      point.modality,
      effects.backend,
    ),
    row: 0,
    x: point.vector,
  });
  const explained = similarityExplained(
    await side(image),
    await side(text),
    dictionary.atoms,
    dictionary.dimension,
  );
  const total = (kind: ExplainedTerm["kind"]): number =>
    explained.terms.reduce((sum, term) => (term.kind === kind ? sum + term.value : sum), 0);
  return {
    dictionary: stored.name,
    image: { words: image.words, row: image.row },
    text: { words: text.words, row: text.row },
    similarity: explained.similarity,
    shared: total("shared"),
    bridges: total("bridge"),
    remainder: explained.remainder,
    terms: await Promise.all(
      explained.terms.map(async (term) => ({
        ...term,
        imageWords: await words(term.imageConcept),
        textWords: await words(term.textConcept),
      })),
    ),
  };
}
