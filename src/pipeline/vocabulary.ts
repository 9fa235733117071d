/**
 * A vocabulary for `fixed-text` and for the words of `analyze`: the texts of an embedding set with their captions, or the rows of a
 * matrix file with the names in the text file beside it (vocabulary.npy, vocabulary.txt: a line each).
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { badInput } from "../base/errors.ts";
import type { RowSource } from "../base/rows.ts";
import type { Vocabulary } from "../learners/learner.ts";
import { sha256Of } from "../platform/node/files/file-list.ts";
import { openMatrixFile } from "../platform/node/files/matrix-file.ts";
import { setLayout } from "../protocol/study-layout.ts";
import { openEmbeddingSet } from "./embedding-set.ts";

export async function readVocabulary(path: string, dimension: number): Promise<Vocabulary> {
  if (!existsSync(path.replace(/#[^#]*$/, "")) && !existsSync(path)) {
    throw badInput(
      `${path} does not exist; expected an embedding set or a .npy, .npz, .safetensors or .parquet file`,
    );
  }
  if (existsSync(join(path, setLayout.manifest))) {
    const set = await openEmbeddingSet(path);
    try {
      const vectors = await allRows(path, set.embeddings.text, dimension);
      const captions = await set.items.text.column("caption");
      const named = captions.some((caption) => typeof caption === "string" && caption !== "");
      return { vectors, names: named ? captions.map((caption) => String(caption ?? "")) : null };
    } finally {
      await set.close();
    }
  }
  const matrix = await openMatrixFile(path, "text");
  try {
    const vectors = await allRows(path, matrix.rows, dimension);
    return { vectors, names: await namesBeside(path, matrix.rows.rows) };
  } finally {
    await matrix.close();
  }
}

/** A vocabulary whose words are known. */
export async function namedVocabulary(
  path: string,
  dimension: number,
): Promise<{ readonly vectors: Float32Array; readonly names: readonly string[] }> {
  const { vectors, names } = await readVocabulary(path, dimension);
  if (names !== null) return { vectors, names };
  throw badInput(
    `${path} names no words; expected an embedding set with captions, or a matrix file with a .txt file of the same name beside it, a line for each row`,
  );
}

const longestName = 24;

/** The vocabulary's part of a dictionary's name: the file's name, and a hash of its whole path: "words-3fa92c41". */
export function vocabularyName(path: string): string {
  const { name } = parse(path.replace(/[\\/]+$/, ""));
  const clean = name.replaceAll(/[^A-Za-z0-9._]+/g, "_").slice(0, longestName);
  return `${clean}-${sha256Of(path).slice(0, 8)}`;
}

async function allRows(path: string, source: RowSource, dimension: number): Promise<Float32Array> {
  if (source.columns !== dimension || source.rows === 0) {
    throw badInput(
      `${path} has ${source.rows} texts of ${source.columns} dimensions; expected some of ${dimension}, by the model of the set`,
    );
  }
  const vectors = new Float32Array(source.rows * dimension);
  await source.readRange(0, source.rows, vectors);
  return vectors;
}

async function namesBeside(path: string, rows: number): Promise<string[] | null> {
  const beside = path.replace(/(\.[A-Za-z0-9]+)?(#[^#]*)?$/, ".txt");
  if (!existsSync(beside)) return null;
  const lines = (await readFile(beside, "utf8")).split(/\r?\n/);
  while (lines.at(-1) === "") lines.pop();
  if (lines.length === rows) return lines;
  throw badInput(`${beside} has ${lines.length} lines; expected a name for each of the ${rows} rows`);
}
