/**
 * The folder that clip-retrieval's inference writes: img_emb/img_emb_N.npy and
 * text_emb/text_emb_N.npy (float16), metadata/metadata_N.parquet; row i of the three with one N
 * belongs together. https://github.com/rom1504/clip-retrieval
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { badInput } from "../base/errors.ts";
import type { InputFiles } from "./import-options.ts";

const parts = { images: "img_emb", texts: "text_emb", items: "metadata" } as const;

export async function clipRetrievalInputs(folder: string): Promise<InputFiles> {
  const images = await shards(folder, parts.images, ".npy");
  const texts = await shards(folder, parts.texts, ".npy");
  const items = await shards(folder, parts.items, ".parquet");
  if (images.size + texts.size === 0) {
    throw badInput(
      `${folder} is no clip-retrieval folder: it has no img_emb/*.npy and no text_emb/*.npy; name the files with --images and --texts.`,
    );
  }
  const present = [images, texts, items].filter((part) => part.size > 0);
  const all = new Map(present.flatMap((part) => [...part]));
  for (const part of present) {
    for (const [shard, like] of all) {
      if (part.has(shard)) continue;
      const [other = ""] = part.values();
      throw badInput(
        `${folder} has ${like} and nothing of number ${shard} beside ${other}; expected the same numbers in ${Object.values(parts).join(", ")}: the folder is incomplete, copy it again.`,
      );
    }
  }
  const numbers = [...all.keys()].sort((a, b) => a - b);
  const files = (part: ReadonlyMap<number, string>): string[] =>
    part.size === 0 ? [] : numbers.map((number) => join(folder, part.get(number) ?? ""));
  return {
    images: files(images),
    texts: files(texts),
    imageItems: images.size > 0 ? files(items) : [],
    textItems: texts.size > 0 ? files(items) : [],
    pairs: undefined,
    pairedRows: images.size > 0 && texts.size > 0,
    equalShards: true,
  };
}

/** Files by the number that their name ends with, as paths inside the folder. */
async function shards(folder: string, name: string, ending: string): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const files = await readdir(join(folder, name)).catch((): string[] => []);
  for (const file of files.sort().filter((one) => one.endsWith(ending))) {
    const digits = /(\d+)\.[^.]+$/.exec(file)?.[1];
    const number = Number(digits ?? NaN);
    const path = `${name}/${file}`;
    if (digits === undefined || found.has(number)) {
      throw badInput(
        `${folder} has ${path}${digits === undefined ? "" : ` beside ${found.get(number)}`}; expected names that end in a number of their own, such as ${name}_0${ending}: rename it, or name the files with --images and --texts.`,
      );
    }
    found.set(number, path);
  }
  return found;
}
