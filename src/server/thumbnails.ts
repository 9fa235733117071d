/**
 * Thumbnails of image rows: those that the embedding set holds, else made when they are asked for
 * and kept in memory for a while, where sharp is installed. Without it the pictures themselves are
 * sent, which browsers scale down.
 */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { loadSharp, type Sharp } from "../platform/node/load-sharp.ts";
import { thumbnailsOfFile, type Thumbnails } from "../pipeline/thumbnails/make-thumbnails.ts";
import { openThumbnails, type ThumbnailReader } from "../pipeline/thumbnails/thumbnail-reader.ts";
import { thumbnailLayout } from "../protocol/study-layout.ts";
import { otherSize, type ThumbnailSize } from "../protocol/thumbnails.ts";
import type { PictureFile } from "./pictures.ts";
import type { StudyFolder } from "../pipeline/study-summary.ts";

/** Files that are sent as they are: making a thumbnail would save nothing worth the time. */
const smallFile = 1 << 14;
/** Thumbnails made here that are kept, by pictures. */
const kept = 4096;

export interface ThumbnailSource {
  /** Of the set's own; null where it has none for the row. */
  stored(row: number, size: ThumbnailSize): Promise<Uint8Array | null>;
  /** Made from the file; null where the file itself may as well be sent. */
  made(file: PictureFile, size: ThumbnailSize): Promise<Uint8Array | null>;
}

export function thumbnailSource({ setRoot }: StudyFolder): ThumbnailSource {
  let reader: Promise<ThumbnailReader> | null = null;
  let sharp: Promise<Sharp | null> | null = null;
  const made = new Map<string, Promise<Thumbnails | null>>();
  return {
    async stored(row, size) {
      if (reader === null && !existsSync(join(setRoot, thumbnailLayout.table))) return null;
      reader ??= openThumbnails(setRoot);
      try {
        return await (await reader).read(row, size);
      } catch {
        // The set was moved or made again: the next request looks anew.
        reader = null;
        return null;
      }
    },
    async made({ path, type }, size) {
      const found = await stat(path).catch(() => null);
      if (found === null || found.size <= smallFile || type === "image/svg+xml") return null;
      sharp ??= loadSharp("thumbnails").catch(() => null);
      const make = await sharp;
      if (make === null) return null;
      const key = `${path}\n${found.size}\n${found.mtimeMs}`;
      const thumbnails = made.get(key) ?? thumbnailsOfFile(make, path).catch(() => null);
      made.delete(key);
      made.set(key, thumbnails);
      const oldest = made.keys().next().value;
      if (made.size > kept && oldest !== undefined) made.delete(oldest);
      const both = await thumbnails;
      return both && (both[size] ?? both[otherSize(size)]);
    },
  };
}
