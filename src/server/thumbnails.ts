/** Finds thumbnails: those of the embedding set, else those that were made for the study. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openThumbnails, type ThumbnailReader } from "../pipeline/thumbnails/thumbnail-reader.ts";
import { studyLayout, thumbnailLayout } from "../protocol/study-layout.ts";
import type { ThumbnailSize } from "../protocol/thumbnails.ts";
import type { StudyFolder } from "./study-folder.ts";

/** Null where the row has no thumbnail of that size, or there are none. */
export type FindThumbnail = (row: number, size: ThumbnailSize) => Promise<Uint8Array<ArrayBuffer> | null>;

/** The folder that holds thumbnails, or null: looked for every time, they may be made while the explorer is open. */
export function thumbnailFolder({ root, setRoot }: StudyFolder): string | null {
  const folders = [setRoot, join(root, studyLayout.thumbnails)];
  return folders.find((folder) => existsSync(join(folder, thumbnailLayout.table))) ?? null;
}

export function thumbnailFinder(study: StudyFolder): FindThumbnail {
  let open: { folder: string; reader: Promise<ThumbnailReader> } | null = null;
  return async (row, size) => {
    const folder = thumbnailFolder(study);
    if (folder === null) return null;
    if (open?.folder !== folder) open = { folder, reader: openThumbnails(folder) };
    const { reader } = open;
    try {
      return await (await reader).read(row, size);
    } catch {
      // They were moved or made again: the picture itself is shown, and the next request looks anew.
      open = null;
      return null;
    }
  };
}
