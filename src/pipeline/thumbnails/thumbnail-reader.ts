/** Reads packed thumbnails: the table once, then each by its range. */
import { join } from "node:path";
import { badInput } from "../../base/errors.ts";
import { readBytes } from "../../formats/byte-source.ts";
import { readParquet } from "../../formats/parquet.ts";
import { openFile, type FileSource } from "../../platform/node/files/file-source.ts";
import { thumbnailLayout } from "../../protocol/study-layout.ts";
import type { PackedThumbnails } from "./thumbnail-writer.ts";
import { otherSize, type ThumbnailSize } from "../../protocol/thumbnails.ts";

export interface ThumbnailReader {
  readonly rows: number;
  /** A WebP or SVGZ file, of the other size where the row has none of that; null where it has neither. */
  read(row: number, size: ThumbnailSize): Promise<Uint8Array<ArrayBuffer> | null>;
  /** All that is packed for a row; null where it has none of either size. */
  packed(row: number): Promise<PackedThumbnails | null>;
  /** Pixels of the picture itself; null where the row has none. */
  pictureSize(row: number): { readonly width: number; readonly height: number } | null;
  close(): Promise<void>;
}

export async function openThumbnails(folder: string): Promise<ThumbnailReader> {
  const table = await openFile(join(folder, thumbnailLayout.table));
  const { rows, columns } = await readParquet(table).finally(() => table.close());
  const column = (name: string): Float64Array => {
    const cells = columns.get(name);
    if (cells === undefined) throw badInput(`${table.name} has no column ${name}; make the thumbnails again`);
    return Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell)));
  };
  const [width, height] = [column("width"), column("height")];
  const places = {
    small: { start: column("smallStart"), bytes: column("smallBytes") },
    large: { start: column("largeStart"), bytes: column("largeBytes") },
  };
  const packs = new Map<ThumbnailSize, Promise<FileSource>>();
  const pack = (size: ThumbnailSize): Promise<FileSource> => {
    const open = packs.get(size) ?? openFile(join(folder, thumbnailLayout[size]));
    open.catch(() => packs.delete(size));
    packs.set(size, open);
    return open;
  };
  const file = async (row: number, size: ThumbnailSize): Promise<Uint8Array<ArrayBuffer> | null> => {
    const bytes = places[size].bytes[row] ?? NaN;
    return bytes > 0 ? readBytes(await pack(size), places[size].start[row] ?? NaN, bytes) : null;
  };
  const pictureSize = (row: number): { width: number; height: number } | null => {
    const found = { width: width[row] ?? NaN, height: height[row] ?? NaN };
    return found.width > 0 ? found : null;
  };
  return {
    rows,
    read: async (row, size) => (await file(row, size)) ?? file(row, otherSize(size)),
    async packed(row) {
      const pixels = pictureSize(row);
      return pixels && { ...pixels, small: await file(row, "small"), large: await file(row, "large") };
    },
    pictureSize,
    async close() {
      await Promise.all([...packs.values()].map(async (open) => (await open).close()));
    },
  };
}
