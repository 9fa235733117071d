/** Which files an import reads: from its options, from folders of shards, from clip-retrieval. */
import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { badInput, badUsage } from "../base/errors.ts";
import { matrixEndings } from "../platform/node/files/matrix-file.ts";
import { clipRetrievalInputs } from "./clip-retrieval-folder.ts";
import type { ImportOptions, InputFiles } from "./import-options.ts";

export async function inputFiles(options: ImportOptions): Promise<InputFiles> {
  const { folder, images = [], texts = [], imageItems, textItems, pairs, pairedRows = false } = options;
  if (pairs !== undefined && pairedRows) {
    throw badUsage("--pairs and --paired-rows both say what goes together; give one of them.");
  }
  if (folder !== undefined) {
    if (images.length + texts.length > 0 || imageItems !== undefined || textItems !== undefined) {
      throw badUsage(
        `${folder} is imported as a clip-retrieval folder with its own embeddings and items; leave --images, --texts and item tables away.`,
      );
    }
    const inputs = await clipRetrievalInputs(folder);
    return pairs === undefined ? inputs : { ...inputs, pairs, pairedRows: false, equalShards: false };
  }
  if (images.length + texts.length === 0) {
    throw badUsage("No embeddings are named; give --images and --texts, or a clip-retrieval folder.");
  }
  for (const [items, files, option] of [
    [imageItems, images, "--images"],
    [textItems, texts, "--texts"],
  ] as const) {
    if (items !== undefined && files.length === 0)
      throw badUsage(`${items} lists items, but ${option} is not given.`);
  }
  return {
    images: await expandFolders(images),
    texts: await expandFolders(texts),
    imageItems: imageItems === undefined ? [] : [imageItems],
    textItems: textItems === undefined ? [] : [textItems],
    pairs,
    pairedRows,
    equalShards: false,
  };
}

/** A folder stands for the matrix files in it, in the order of their numbers. */
async function expandFolders(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isDirectory()) {
      files.push(path);
      continue;
    }
    const inside = (await readdir(path)).filter((name) =>
      matrixEndings.includes(extname(name).toLowerCase()),
    );
    if (inside.length === 0)
      throw badInput(`${path} holds no file ending in ${matrixEndings.join(", ")}; name the embeddings.`);
    files.push(...inside.toSorted(byNumber).map((name) => join(path, name)));
  }
  return files;
}

/** "part_2" before "part_10". */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
