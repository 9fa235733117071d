/**
 * Words that point along a concept: cos(D_j, v_w), v_w the mean of the centred embeddings of the
 * captions that have the word, or a given vocabulary's embeddings, centred likewise. What a language
 * model's logit lens is for its tokens, this is for captions.
 */
import type { RowSource } from "../../base/rows.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { RowWords } from "../../metrics/word-contrast.ts";

export interface AlignedWord {
  readonly word: number;
  /** cos(D_j, v_w) */
  readonly cosine: number;
}

const blockRows = 1024;

/** V x d: v_w, of unit norm; a word whose captions have no direction in common is a row of zeros. */
export async function wordDirections(
  texts: RowSource,
  mean: Float64Array,
  { words, rowStart, word }: RowWords,
): Promise<Float32Array> {
  const d = texts.columns;
  const sums = new Float64Array(words * d);
  const block = new Float32Array(Math.min(blockRows, texts.rows) * d);
  for (let start = 0; start < texts.rows; start += blockRows) {
    const count = Math.min(blockRows, texts.rows - start);
    await texts.readRange(start, count, block);
    for (let r = 0; r < count; r++) {
      for (let e = rowStart[start + r]!; e < rowStart[start + r + 1]!; e++) {
        const at = word[e]! * d;
        for (let q = 0; q < d; q++) sums[at + q]! += block[r * d + q]! - mean[q]!;
      }
    }
  }
  return unitRows(sums, d);
}

/** Rows of unit norm, `mean` taken away. */
export function centredUnitRows(vectors: Float32Array, mean: Float64Array): Float32Array {
  return unitRows(
    Float64Array.from(vectors, (value, at) => value - mean[at % mean.length]!),
    mean.length,
  );
}

function unitRows(rows: Float64Array, d: number): Float32Array {
  const out = new Float32Array(rows.length);
  for (let from = 0; from < rows.length; from += d) {
    let squared = 0;
    for (let q = from; q < from + d; q++) squared += rows[q]! * rows[q]!;
    if (squared === 0) continue;
    const scale = 1 / Math.sqrt(squared);
    for (let q = from; q < from + d; q++) out[q] = rows[q]! * scale;
  }
  return out;
}

/** The `count` words with the largest positive cosine of each concept, largest first. */
export async function alignedWords(
  backend: Backend,
  atoms: Float32Array,
  directions: Float32Array,
  dimension: number,
  count: number,
): Promise<AlignedWord[][]> {
  const [concepts, words] = [atoms.length / dimension, directions.length / dimension];
  const k = Math.min(count, words);
  const block = Math.min(blockRows, concepts);
  const encoder = backend.floats(directions.length);
  const x = backend.floats(block * dimension);
  const codes = backend.codes(block, words, block * k);
  const found: AlignedWord[][] = [];
  try {
    backend.write(encoder, directions);
    for (let start = 0; start < concepts; start += block) {
      const rows = Math.min(block, concepts - start);
      backend.write(x, atoms.subarray(start * dimension, (start + rows) * dimension));
      const selection = { kind: "topk", k } as const;
      await backend.encode({ x, rows, dimension, encoder, concepts: words, selection, codes });
      const { rowStart, concept, value } = await backend.readCodes(codes, rows);
      for (let r = 0; r < rows; r++) {
        const own: AlignedWord[] = [];
        for (let e = rowStart[r]!; e < rowStart[r + 1]!; e++)
          own.push({ word: concept[e]!, cosine: value[e]! });
        found.push(own.sort((a, b) => b.cosine - a.cosine || a.word - b.word));
      }
    }
  } finally {
    backend.free(encoder, x, codes);
  }
  return found;
}
