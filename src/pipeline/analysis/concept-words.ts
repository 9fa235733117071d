/**
 * Words for each concept, three lists: what captions say when it is active on texts, what they say of
 * the pictures that it is active on, and which words point along its atom.
 */
import type { EmbeddingRows, Modality } from "../../base/rows.ts";
import { byConcept, type SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import { wordContrast } from "../../metrics/word-contrast.ts";
import type { WordList, WordRow } from "../../protocol/analysis-tables.ts";
import type { ItemTable } from "../embedding-set-items.ts";
import { alignedWords, centredUnitRows, wordDirections } from "./aligned-words.ts";
import { captionWords } from "./caption-words.ts";
import { functionWords } from "./function-words.ts";

export interface ConceptWords {
  /** Sorted by concept, list, rank. */
  readonly rows: readonly WordRow[];
  /** c: its most telling words but function words, for want of a name: "red, crimson, scarlet"; null where none tells. */
  readonly summary: readonly (string | null)[];
  /** Words that lists were drawn from. */
  readonly vocabulary: { readonly captions: number; readonly direction: number };
}

/** Embeddings of words by the set's own model: V x d, and the words. */
export interface NamedVocabulary {
  readonly vectors: Float32Array;
  readonly names: readonly string[];
}

export interface ConceptWordsInput {
  readonly dictionary: Dictionary;
  readonly set: EmbeddingRows;
  readonly items: Readonly<Record<Modality, ItemTable>> | undefined;
  readonly codes: Readonly<Record<Modality, SparseCodes>>;
  /** d: the mean text row. */
  readonly textMean: Float64Array;
  /** c */
  readonly modalityScores: Float64Array;
  /** Words for the third list; without it those of the captions, by their captions' mean. */
  readonly vocabulary: NamedVocabulary | undefined;
  readonly backend: Backend;
}

const perList = 12;
const inSummary = 3;
/** χ² with one degree of freedom, p = 0.001. */
const leastTelling = 10.83;

export async function conceptWords(input: ConceptWordsInput): Promise<ConceptWords> {
  const { dictionary, set, items, codes, textMean, backend } = input;
  const { atoms, concepts, dimension } = dictionary;
  const captions = items === undefined ? null : await captionWords(items, set.pairs);
  const directions =
    input.vocabulary !== undefined
      ? centredUnitRows(input.vocabulary.vectors, textMean)
      : captions !== null && set.text.rows > 0
        ? await wordDirections(set.text, textMean, captions.rows.text)
        : null;
  const aligned =
    directions === null ? null : await alignedWords(backend, atoms, directions, dimension, perList);
  const names = input.vocabulary?.names ?? captions?.vocabulary ?? [];
  const contrast = captions && {
    text: wordContrast(byConcept(codes.text), captions.rows.text),
    image: wordContrast(byConcept(codes.image), captions.rows.image),
  };
  const rows: WordRow[] = [];
  const summary: (string | null)[] = [];
  for (let concept = 0; concept < concepts; concept++) {
    const told = (modality: Modality): { word: string; score: number }[] =>
      contrast === null
        ? []
        : contrast[modality](concept, perList, leastTelling).map(({ word, score }) => ({
            word: captions!.vocabulary[word]!,
            score,
          }));
    const lists: Readonly<Record<WordList, readonly { word: string; score: number }[]>> = {
      texts: told("text"),
      pictures: told("image"),
      direction: (aligned?.[concept] ?? []).map(({ word, cosine }) => ({
        word: names[word]!,
        score: cosine,
      })),
    };
    for (const list of ["texts", "pictures", "direction"] as const) {
      lists[list].forEach(({ word, score }, rank) => rows.push({ concept, list, rank, word, score }));
    }
    const [first, second] =
      input.modalityScores[concept]! > 0.5 ? [lists.pictures, lists.texts] : [lists.texts, lists.pictures];
    const telling =
      [first, second]
        .map((list) => list.filter(({ word }) => !functionWords.has(word)))
        .find((list) => list.length > 0) ?? [];
    summary.push(
      telling.length === 0
        ? null
        : telling
            .slice(0, inSummary)
            .map(({ word }) => word)
            .join(", "),
    );
  }
  return {
    rows,
    summary,
    vocabulary: {
      captions: captions?.vocabulary.length ?? 0,
      direction: directions === null ? 0 : directions.length / dimension,
    },
  };
}
