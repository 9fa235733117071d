/**
 * The words of a set's captions: which words each text row and each image row has. A picture has the
 * words of its own caption and of the captions that it is paired with.
 */
import type { Modality, PairTable } from "../../base/rows.ts";
import type { RowWords } from "../../metrics/word-contrast.ts";
import type { ItemTable } from "../embedding-set-items.ts";

export interface CaptionWords {
  /** V words, the most frequent first; ties in alphabetical order. */
  readonly vocabulary: readonly string[];
  readonly rows: Readonly<Record<Modality, RowWords>>;
}

/** Captions that a word has to be in, and words that are kept at most. */
export const fewestCaptions = 5;
export const mostWords = 20_000;

/** Null where no caption has words enough. */
export async function captionWords(
  items: Readonly<Record<Modality, ItemTable>>,
  pairs: PairTable,
): Promise<CaptionWords | null> {
  const captions = {
    image: await items.image.column("caption"),
    text: await items.text.column("caption"),
  };
  const numbers = new Map<string, number>();
  const counts: number[] = [];
  const read = (caption: unknown): number[] =>
    wordsOf(typeof caption === "string" ? caption : "").map((word) => {
      const number = numbers.get(word) ?? numbers.size;
      if (number === counts.length) {
        numbers.set(word, number);
        counts.push(0);
      }
      counts[number]!++;
      return number;
    });
  const own = { image: captions.image.map(read), text: captions.text.map(read) };
  const spellings = [...numbers.keys()];
  const kept = counts
    .map((count, number) => ({ count, number, word: spellings[number]! }))
    .filter(({ count }) => count >= fewestCaptions)
    .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
    .slice(0, mostWords);
  if (kept.length === 0) return null;
  const renumber = new Int32Array(counts.length).fill(-1);
  kept.forEach(({ number }, w) => (renumber[number] = w));
  const ofPictures: Set<number>[] = own.image.map((words) => new Set(words));
  for (let p = 0; p < pairs.image.length; p++) {
    for (const word of own.text[pairs.text[p]!] ?? []) ofPictures[pairs.image[p]!]?.add(word);
  }
  return {
    vocabulary: kept.map(({ word }) => word),
    rows: {
      image: table(ofPictures, renumber, kept.length),
      text: table(own.text, renumber, kept.length),
    },
  };
}

const spaced = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu;
/** Scripts that put no spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const segmenter = new Intl.Segmenter("en", { granularity: "word" });

/** The different words of a caption, in lower case, without punctuation and lone digits or letters. */
export function wordsOf(caption: string): string[] {
  const lower = caption.normalize("NFKC").toLowerCase();
  if (unspaced.test(lower)) {
    const parts = Array.from(segmenter.segment(lower));
    return [...new Set(parts.filter((part) => part.isWordLike).map((part) => part.segment))];
  }
  const words = lower.match(spaced) ?? [];
  return [...new Set(words.map((word) => word.replaceAll("’", "'")).filter((word) => word.length > 1))];
}

function table(rows: readonly Iterable<number>[], renumber: Int32Array, words: number): RowWords {
  const rowStart = new Uint32Array(rows.length + 1);
  const word: number[] = [];
  rows.forEach((own, i) => {
    for (const number of own) {
      const w = renumber[number]!;
      if (w >= 0) word.push(w);
    }
    rowStart[i + 1] = word.length;
  });
  return { rows: rows.length, words, rowStart, word: Uint32Array.from(word) };
}
