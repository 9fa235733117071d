/**
 * The folder that clip-retrieval's inference writes: img_emb/img_emb_N.npy and
 * text_emb/text_emb_N.npy (float16), metadata/metadata_N.parquet; row i of the three belongs
 * together. https://github.com/rom1504/clip-retrieval
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { badInput } from "../base/errors.ts";
import type { InputFiles } from "./import-options.ts";

export async function clipRetrievalInputs(folder: string): Promise<InputFiles> {
  const images = await shards(folder, "img_emb", ".npy");
  const texts = await shards(folder, "text_emb", ".npy");
  const items = await shards(folder, "metadata", ".parquet");
  if (images.length + texts.length === 0) {
    throw badInput(
      `${folder} is no clip-retrieval folder: it has no img_emb/*.npy and no text_emb/*.npy; name the files with --images and --texts.`,
    );
  }
  for (const [name, files] of [
    ["text_emb", texts],
    ["metadata", items],
  ] as const) {
    const counted = images.length > 0 ? images.length : texts.length;
    if (files.length > 0 && files.length !== counted) {
      throw badInput(
        `${folder} has ${counted} embedding files and ${files.length} in ${name}; expected one for each: the folder is incomplete, copy it again.`,
      );
    }
  }
  return {
    images,
    texts,
    imageItems: images.length > 0 ? items : [],
    textItems: texts.length > 0 ? items : [],
    pairs: undefined,
    pairedRows: images.length > 0 && texts.length > 0,
  };
}

async function shards(folder: string, name: string, ending: string): Promise<string[]> {
  const files = await readdir(join(folder, name)).catch(() => []);
  return files
    .filter((file) => file.endsWith(ending))
    .toSorted(byNumber)
    .map((file) => join(folder, name, file));
}

/** "part_2" before "part_10". */
export function byNumber(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
