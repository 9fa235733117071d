/** Thumbnails of several sets one after the other, as their rows are. */
import { thumbnailLayout } from "../../protocol/study-layout.ts";
import type { EmbeddingSet } from "../embedding-set.ts";
import { openThumbnails, type ThumbnailReader } from "../thumbnails/thumbnail-reader.ts";
import { ThumbnailWriter } from "../thumbnails/thumbnail-writer.ts";

/** Writes them into `folder` and returns the files' names; none where no set has any. */
export async function joinThumbnails(
  sets: readonly EmbeddingSet[],
  folder: string,
): Promise<readonly string[]> {
  const { table, small, large } = thumbnailLayout;
  const has = sets.map(({ manifest }) => manifest.files.some(({ path }) => path === table));
  if (!has.includes(true)) return [];
  const writer = await ThumbnailWriter.open(folder);
  try {
    for (const [at, set] of sets.entries()) {
      if (has[at] === true) await append(writer, await openThumbnails(set.path));
      else for (let row = 0; row < set.manifest.image.rows; row++) await writer.append(null);
    }
    await writer.finish();
  } catch (error) {
    await writer.close();
    throw error;
  }
  return [table, small, large];
}

async function append(writer: ThumbnailWriter, reader: ThumbnailReader): Promise<void> {
  try {
    for (let row = 0; row < reader.rows; row++) {
      const size = reader.pictureSize(row);
      const large = await reader.read(row, "large");
      const small = await reader.read(row, "small");
      if (size === null || large === null || small === null) await writer.append(null);
      // Where there is no small one, the large one stands for it.
      else await writer.append({ ...size, large, small: Buffer.compare(small, large) === 0 ? null : small });
    }
  } finally {
    await reader.close();
  }
}
