/** Pictures named one by one, as a shell makes of `photos/*.jpg`: seen as files of the folder above them all. */
import { stat } from "node:fs/promises";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { cannotRead } from "../../../platform/node/files/file-source.ts";
import type { FolderFiles } from "./folder.ts";
import { inBlocks } from "./in-blocks.ts";

export async function pictureFiles(inputs: readonly string[]): Promise<FolderFiles> {
  const paths = [...new Set(inputs.map((input) => resolve(input)))];
  let root = dirname(paths[0]!);
  while (!paths.every((path) => isBelow(root, path))) root = dirname(root);
  const name = (path: string): string => relative(root, path).split(sep).join("/");
  const pictures = await inBlocks(paths, async (path) => {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw cannotRead(path, error);
    });
    return { file: name(path), path, start: null, bytes: found.size, modified: found.mtimeMs };
  });
  const texts = await inBlocks(paths, async (path) => {
    const text = `${path.slice(0, -extname(path).length)}.txt`;
    return (await stat(text).catch(() => undefined))?.isFile() === true ? [name(text)] : [];
  });
  return {
    root,
    pictures,
    texts: [...new Set(texts.flat())].sort(),
    skipped: [],
    others: new Map(),
  };
}

function isBelow(root: string, path: string): boolean {
  return path.startsWith(join(root, sep));
}
