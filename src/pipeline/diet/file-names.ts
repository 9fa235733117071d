/** The rows that a list of files names: images by their file, texts by theirs or by their pair's. */
import { readFile } from "node:fs/promises";
import { badInput } from "../../base/errors.ts";
import type { Modality } from "../../base/rows.ts";
import { sha256Of } from "../../platform/node/files/file-list.ts";
import { cannotRead } from "../../platform/node/files/file-source.ts";
import type { Cell } from "../../formats/table.ts";
import type { EmbeddingSet } from "../embedding-set.ts";

export interface FileNames {
  readonly names: ReadonlySet<string>;
  /** Of the names, whatever their order, and not of the bytes of the list. */
  readonly sha256: string;
}

/** One name a line; empty lines do not count. */
export async function readFileNames(path: string): Promise<FileNames> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(path, error);
  });
  const names = new Set(
    text
      .replace(/^\uFEFF/, "")
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  );
  if (names.size === 0) throw badInput(`${path} names no file; expected file names of items, one a line`);
  return { names, sha256: sha256Of([...names].sort().join("\n")) };
}

export async function rowsOfFiles(
  set: EmbeddingSet,
  path: string,
  { names }: FileNames,
): Promise<Readonly<Record<Modality, Uint8Array>>> {
  const [images, texts] = [await set.items.image.column("file"), await set.items.text.column("file")];
  const known = new Set<string>();
  for (const file of [...images, ...texts]) if (file !== null) known.add(String(file));
  const missing = [...names].filter((name) => !known.has(name));
  if (missing.length > 0) {
    const example = [...known][0];
    const how = example === undefined ? "no item has a file" : `names are written as in "${example}"`;
    throw badInput(
      `${path} names ${missing.length.toLocaleString("en-US")} of ${names.size.toLocaleString("en-US")} files that no item has, first "${missing[0] ?? ""}"; ${how}`,
    );
  }
  const named = (file: Cell): number => (file !== null && names.has(String(file)) ? 1 : 0);
  const image = Uint8Array.from(images, named);
  const text = Uint8Array.from(texts, named);
  const { pairs } = set.embeddings;
  for (let p = 0; p < pairs.image.length; p++) {
    if (image[pairs.image[p]!] === 1) text[pairs.text[p]!] = 1;
  }
  return { image, text };
}
