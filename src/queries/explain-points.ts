/** Why a picture and a text are alike, split into shared concepts, bridges and the remainder. */
import { rowsInMemory } from "../base/rows.ts";
import { encodeRows } from "../learners/codes.ts";
import { similarityExplained } from "../metrics/similarity-explained.ts";
import type { ExplainedTerm, Explanation } from "../protocol/query.ts";
import type { AskedStudy, QueryPoint } from "./asked-study.ts";

export async function explainPoints(
  { name, dictionary, backend, words }: AskedStudy,
  image: QueryPoint,
  text: QueryPoint,
): Promise<Explanation> {
  const { atoms, dimension } = dictionary;
  const side = async ({ vector: x, modality }: QueryPoint) => ({
    codes: await encodeRows(dictionary, rowsInMemory(x, dimension), modality, backend),
    row: 0,
    x,
  });
  const explained = similarityExplained(await side(image), await side(text), atoms, dimension);
  const total = (kind: ExplainedTerm["kind"]): number =>
    explained.terms.reduce((sum, term) => (term.kind === kind ? sum + term.value : sum), 0);
  return {
    dictionary: name,
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
