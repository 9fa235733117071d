/** Finds the picture file of an image row: by the set's item table, inside its image root. */
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { setLayout } from "../protocol/study-layout.ts";
import { isWebAddress } from "../base/web-address.ts";
import { openPictureRoot } from "../platform/node/files/picture-root.ts";
import { pictureType } from "./picture-type.ts";
import { openSetFolder, type StudyFolder } from "../pipeline/study-summary.ts";

/** A file with its media type. */
export interface PictureFile {
  path: string;
  type: string;
}

/** Where there is none, why in a few words: the page shows them. */
export function pictureFinder(
  folder: StudyFolder,
): (row: number) => Promise<PictureFile | { missing: string }> {
  let files: Promise<(string | null)[]> | null = null;

  return async (row) => {
    const set = await openSetFolder(folder);
    if (set.problem !== null) {
      files = null;
      return { missing: set.problem };
    }
    if (set.imageRoot === null) return { missing: "the embedding set names no image root" };
    files ??= readFileColumn(join(set.root, setLayout.imageItems));
    const listed = await files.catch(() => {
      files = null;
      return null;
    });
    if (listed === null) return { missing: `${setLayout.imageItems} of the embedding set cannot be read` };
    if (row >= listed.length) return { missing: `the set has ${listed.length} image rows, no row ${row}` };
    const file = listed[row];
    if (file === null || file === undefined || file === "") return { missing: "no file named" };
    const name = file.split(/[\\/]/).findLast((part) => part !== "") ?? file;
    if (isWebAddress(file)) return { missing: `on the web, not fetched: ${name}` };
    const root = await openPictureRoot(set.imageRoot).catch(() => null);
    if (root === null) return { missing: `the image root is not there: ${name}` };
    const found = root.find(file);
    if (found.state !== "found") {
      return { missing: `${found.state === "outside" ? "outside the image root" : "not found"}: ${name}` };
    }
    const type = await pictureType(found.path);
    return type === null
      ? { missing: `not a picture that browsers show: ${name}` }
      : { path: found.path, type };
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
