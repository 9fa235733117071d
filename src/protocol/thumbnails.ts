/**
 * Thumbnails of the pictures of an embedding set: two packs, each the files of one size one after
 * the other, and a table that says where each begins. A reader fetches one by its range. A file is
 * WebP, or SVGZ (an SVG compressed by gzip) for drawings that take fewer bytes so.
 */

export const thumbnailSizes = ["small", "large"] as const;
export type ThumbnailSize = (typeof thumbnailSizes)[number];

/** What stands for a size that a row does not have. */
export function otherSize(size: ThumbnailSize): ThumbnailSize {
  return size === "small" ? "large" : "small";
}

/** Media type of a thumbnail by its first bytes, and whether it is compressed on top. */
export function thumbnailType(file: Uint8Array): { type: string; gzip: boolean } {
  const gzip = file[0] === 0x1f && file[1] === 0x8b;
  return gzip ? { type: "image/svg+xml", gzip } : { type: "image/webp", gzip };
}

/** Longest side in pixels of those that are WebP; smaller pictures are not enlarged. */
export const thumbnailSide: Readonly<Record<ThumbnailSize, number>> = { small: 96, large: 320 };

/** thumbnails.parquet: row i is image row i. */
export interface ThumbnailRow {
  row: number;
  /** Pixels of the picture itself, as it is seen (after its EXIF rotation); null without a picture. */
  width: number | null;
  height: number | null;
  /** First byte and bytes in the pack of either size; null where it has none: the other stands for it. */
  smallStart: number | null;
  smallBytes: number | null;
  largeStart: number | null;
  largeBytes: number | null;
}
