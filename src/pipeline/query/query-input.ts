/**
 * What a query is about: a row of the set by its number, an item of the set by its file or caption,
 * or something new, which the set's own model has to embed.
 */
import { existsSync } from "node:fs";
import type { Modality } from "../../base/rows.ts";
import { badInput } from "../../base/errors.ts";
import type { QueryPoint } from "../../queries/asked-study.ts";
import type { EmbeddingSet } from "../embedding-set.ts";

/** Embeds what the set does not hold, scaled as the set's rows are. */
export interface QueryEncoder {
  text(text: string): Promise<Float32Array>;
  /** From the path of a file, or its bytes. */
  picture(file: string | Uint8Array): Promise<Float32Array>;
}

/** Text that is meant as such, also where it is a number. */
export interface Words {
  readonly words: string;
}

/** `encoder` is asked for only where the set does not hold what is meant. */
export async function queryPoint(
  set: EmbeddingSet,
  modality: Modality,
  asked: string | Uint8Array | Words,
  encoder: () => Promise<QueryEncoder>,
): Promise<QueryPoint> {
  if (asked instanceof Uint8Array) {
    return { modality, vector: await (await encoder()).picture(asked), words: "a picture", row: null };
  }
  const given = typeof asked === "string" ? asked : asked.words;
  const isNumber = typeof asked === "string" && /^\d+$/.test(given);
  const row = isNumber ? rowNumber(set, modality, given) : await rowOf(set, modality, given);
  if (row !== null) return storedPoint(set, modality, row);
  if (modality === "text") {
    return { modality, vector: await (await encoder()).text(given), words: given, row: null };
  }
  if (!existsSync(given)) {
    throw badInput(
      `${given} is no file and no image of the set ${set.path}; name a picture file, or a row from 0 to ${set.embeddings.image.rows - 1}`,
    );
  }
  const vector = await (await encoder()).picture(given);
  return { modality, vector, words: given, row: null };
}

function rowNumber(set: EmbeddingSet, modality: Modality, given: string): number {
  const { rows } = set.embeddings[modality];
  if (Number(given) < rows) return Number(given);
  throw badInput(
    rows === 0
      ? `${modality} row ${given}: the set ${set.path} has no ${modality} rows`
      : `${modality} row ${given}: the set ${set.path} has ${modality} rows 0 to ${rows - 1}`,
  );
}

/** The first row whose file (of images) or caption (of texts) is exactly what was given. */
async function rowOf(set: EmbeddingSet, modality: Modality, given: string): Promise<number | null> {
  const cells = await set.items[modality].column(modality === "image" ? "file" : "caption");
  const row = cells.indexOf(given);
  return row < 0 ? null : row;
}

async function storedPoint(set: EmbeddingSet, modality: Modality, row: number): Promise<QueryPoint> {
  const vector = new Float32Array(set.embeddings.dimension);
  await set.embeddings[modality].gather(Uint32Array.of(row), vector);
  const [item] = await set.items[modality].at([row]);
  const words = (modality === "image" ? item?.file : item?.caption) ?? item?.caption ?? item?.file;
  return { modality, vector, words: words ?? `${modality} row ${row}`, row };
}
