/** The pictures that a file of captions names, looked for in one folder and nowhere else. */
import { badInput } from "../../../base/errors.ts";
import { count } from "../../../formats/byte-source.ts";
import { openPictureRoot } from "../../../platform/node/files/picture-root.ts";
import type { CaptionRecords } from "./caption-records.ts";
import { inRoot } from "./find-pictures.ts";
import { picture } from "./folder.ts";
import { inBlocks } from "./in-blocks.ts";
import { joinRecords } from "./join-records.ts";
import { shownName } from "../shown-name.ts";
import type { Listing, SkippedPicture } from "./listing.ts";

export async function recordListing(
  path: string,
  records: CaptionRecords,
  imageRoot: string,
): Promise<Listing> {
  const root = await openPictureRoot(imageRoot);
  const finder = inRoot(root);
  const joined = joinRecords(records, finder);
  if (finder.found.length === 0) throw nothingFound(path, imageRoot, finder.skipped);
  const pictures = await inBlocks(finder.found, async ({ file, path: at }) => ({
    ...(await picture("", at)),
    file,
  }));
  return {
    description: path,
    captionsFrom: records.hasCaptions ? path : null,
    root: root.path,
    pictures,
    ...joined,
    sources: [records.origin],
    skipped: finder.skipped,
    otherFiles: new Map(),
    leftOutColumns: records.leftOut.map(({ column, reason }) => ({ file: path, column, reason })),
  };
}

function nothingFound(path: string, imageRoot: string, skipped: readonly SkippedPicture[]): Error {
  const [first] = skipped;
  if (first === undefined) return badInput(`${path} names no picture; expected at least one.`);
  const named = `${count(skipped.length)} ${skipped.length === 1 ? "picture" : "pictures"} (${shownName(first.file)}${skipped.length > 1 ? ", …" : ""})`;
  return skipped.every(({ reason }) => reason === "on the web")
    ? badInput(
        `${path} names ${named} on the web, which are not fetched; get them first (img2dataset makes archives that embed reads).`,
      )
    : badInput(
        `${path} names ${named}, none of which is in ${imageRoot}; name the folder of the pictures with --image-root.`,
      );
}
