/** Packs thumbnails of the rows that the explorer shows: those that are an example of some concept. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ViaductError } from "../../../base/errors.ts";
import type { Progress } from "../../../base/progress.ts";
import { readParquet } from "../../../formats/parquet.ts";
import { openFile } from "../../../platform/node/files/file-source.ts";
import { loadSharp, type Sharp } from "../../../platform/node/load-sharp.ts";
import type { PictureChoice, SiteManifest } from "../../../protocol/site.ts";
import { studyLayout, thumbnailLayout } from "../../../protocol/study-layout.ts";
import type { EmbeddingSet } from "../../embedding-set.ts";
import { thumbnailsOfFile } from "../../thumbnails/make-thumbnails.ts";
import { openThumbnails, type ThumbnailReader } from "../../thumbnails/thumbnail-reader.ts";
import { ThumbnailWriter, type PackedThumbnails } from "../../thumbnails/thumbnail-writer.ts";

export interface SitePictures {
  readonly set: EmbeddingSet;
  /** Image rows to pack. */
  readonly rows: ReadonlySet<number>;
  readonly choice: Exclude<PictureChoice, "none">;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/** Pictures that are decoded at once. */
const atOnce = 8;

/** Image rows among the examples of these dictionaries. */
export async function exampleRows(study: string, dictionaries: readonly string[]): Promise<Set<number>> {
  const rows = new Set<number>();
  for (const name of dictionaries) {
    const file = await openFile(join(study, studyLayout.dictionary(name).analysis.examples));
    const table = await readParquet(file, { columns: ["modality", "row"] }).finally(() => file.close());
    const modality = table.columns.get("modality") ?? [];
    table.columns.get("row")?.forEach((row, i) => {
      if (modality[i] === "image") rows.add(Number(row));
    });
  }
  return rows;
}

/** Fills the packs in `folder`; says how many rows have a picture and how many examples have none. */
export async function packPictures(
  folder: string,
  { set, rows, choice, progress, signal }: SitePictures,
): Promise<Pick<SiteManifest["pictures"], "rows" | "missing">> {
  const find = await pictureReader(set);
  const writer = await ThumbnailWriter.open(folder);
  const total = set.embeddings.image.rows;
  let packed = 0;
  try {
    for (let start = 0; start < total; start += atOnce) {
      if (signal?.aborted) throw new ViaductError("cancelled", "Export stopped; nothing was written.");
      const block = Array.from({ length: Math.min(atOnce, total - start) }, (_, i) => start + i);
      const found = await Promise.all(block.map(async (row) => (rows.has(row) ? find.read(row) : null)));
      for (const thumbnails of found) {
        if (thumbnails !== null) packed++;
        await writer.append(thumbnails && inChoice(thumbnails, choice));
      }
      progress({ stage: "pictures", done: start + block.length, total, unit: "rows" });
    }
    await writer.finish();
  } catch (error) {
    await writer.close().catch(() => {});
    throw error;
  } finally {
    await find.close();
  }
  return { rows: packed, missing: rows.size - packed };
}

/** Without large pictures a drawing still is its own small one. */
function inChoice(thumbnails: PackedThumbnails, choice: "large" | "small"): PackedThumbnails {
  return choice === "large" || thumbnails.small === null ? thumbnails : { ...thumbnails, large: null };
}

interface PictureReader {
  read(row: number): Promise<PackedThumbnails | null>;
  close(): Promise<void>;
}

/** From the set's own packs, else from the picture files. */
async function pictureReader(set: EmbeddingSet): Promise<PictureReader> {
  const stored: ThumbnailReader | null = existsSync(join(set.path, thumbnailLayout.table))
    ? await openThumbnails(set.path)
    : null;
  let sharp: Promise<Sharp> | null = null;
  return {
    async read(row) {
      const packed = await stored?.packed(row);
      if (packed) return packed;
      const path = await set.picturePath(row);
      if (path === null) return null;
      sharp ??= loadSharp("thumbnails");
      const make = await sharp;
      return thumbnailsOfFile(make, path).catch(() => null);
    },
    close: async () => stored?.close(),
  };
}
