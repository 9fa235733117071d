/** `name.txt` beside `name.jpg`. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { cannotRead } from "../../../platform/node/files/file-source.ts";
import { captionsOf } from "./caption-lines.ts";
import type { CaptionRecords } from "./caption-records.ts";
import type { FolderFiles } from "./folder.ts";
import { inBlocks } from "./in-blocks.ts";

/** `folder` is what messages call it; with `whole`, a file is one caption, whatever lines it has. */
export async function captionsBeside(
  folder: string,
  { root, pictures, texts }: FolderFiles,
  whole: boolean,
): Promise<CaptionRecords> {
  const named = new Map<string, string[]>();
  for (const { file } of pictures) {
    const stem = file.slice(0, file.lastIndexOf("."));
    const known = named.get(stem);
    if (known) known.push(file);
    else named.set(stem, [file]);
  }
  const file: string[] = [];
  const captions: (readonly string[])[] = [];
  let bytes = 0;
  const read = async (text: string): Promise<string> =>
    readFile(join(root, text), "utf8").catch((error: NodeJS.ErrnoException) => {
      throw cannotRead(join(folder, text), error);
    });
  await inBlocks(texts, async (text) => stat(join(root, text)).then((found) => (bytes += found.size)));
  for (const [at, content] of (await inBlocks(texts, read)).entries()) {
    const text = texts[at]!;
    const inside = whole
      ? [
          content
            .replace(/^\uFEFF/, "")
            .replaceAll(/\s+/g, " ")
            .trim(),
        ]
      : captionsOf(content);
    for (const picture of named.get(text.slice(0, -4)) ?? [text]) {
      file.push(picture);
      captions.push(inside.length === 0 ? [""] : inside);
    }
  }
  return {
    file,
    captions,
    source: file.map(() => null),
    further: new Map(),
    hasCaptions: true,
    origin: { role: "captions", file: join(folder, "**", "*.txt"), rows: texts.length, bytes, dtype: null },
    leftOut: [],
  };
}
