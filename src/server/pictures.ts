/** Finds the picture file of an image row: by the set's item table, inside its image root. */
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { setLayout } from "../protocol/study-layout.ts";
import { openPictureRoot, type PictureRoot } from "../platform/node/files/picture-root.ts";
import { contentType } from "./served-file.ts";
import type { StudyFolder } from "./study-folder.ts";

export type Picture = { path: string } | { missing: string };

export function pictureFinder(set: StudyFolder["set"]): (row: number) => Promise<Picture> {
  let files: Promise<(string | null)[]> | null = null;
  let root: Promise<PictureRoot | null> | null = null;

  return async (row) => {
    if (set.problem !== null) return { missing: set.problem };
    if (set.imageRoot === null) return { missing: "the embedding set names no image root" };
    files ??= readFileColumn(join(set.root, setLayout.imageItems));
    const listed = await files.catch(() => {
      files = null;
      return null;
    });
    if (listed === null) return { missing: `${setLayout.imageItems} of the embedding set cannot be read` };
    if (row >= listed.length) return { missing: `the set has ${listed.length} image rows, no row ${row}` };
    const file = listed[row];
    if (file === null || file === undefined || file === "")
      return { missing: `image row ${row} names no file` };
    if (/^[a-z][a-z0-9+.-]+:/i.test(file) && !/^[a-z]:[\\/]/i.test(file)) {
      return { missing: `image row ${row} is an address, and addresses are not fetched` };
    }
    root ??= openPictureRoot(set.imageRoot).catch(() => null);
    const found = (await root)?.find(file);
    if (found?.state !== "found") return { missing: `the file of image row ${row} is not in the image root` };
    const { path } = found;
    if (!contentType(path).startsWith("image/")) {
      return { missing: `the file of image row ${row} is no picture that browsers show` };
    }
    return { path };
  };
}

/** Element i is the file of image row i. */
async function readFileColumn(path: string): Promise<(string | null)[]> {
  const file = await asyncBufferFromFile(path);
  const rows = await parquetReadObjects({ file, columns: ["row", "file"] });
  const files: (string | null)[] = [];
  for (const { row, file } of rows as { row: number | bigint; file: unknown }[]) {
    files[Number(row)] = typeof file === "string" ? file : null;
  }
  return files;
}
