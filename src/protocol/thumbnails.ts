/**
 * Thumbnails of the pictures of an embedding set: two packs, each the WebP files of one size one
 * after the other, and a table that says where each begins. A reader fetches one by its range.
 */

export const thumbnailSizes = ["small", "large"] as const;
export type ThumbnailSize = (typeof thumbnailSizes)[number];

/** Longest side in pixels; smaller pictures are not enlarged. */
export const thumbnailSide: Readonly<Record<ThumbnailSize, number>> = { small: 96, large: 320 };

/** thumbnails.parquet: row i is image row i. */
export interface ThumbnailRow {
  row: number;
  /** Pixels of the picture itself, as it is seen (after its EXIF rotation); null without a picture. */
  width: number | null;
  height: number | null;
  /** First byte and bytes in the pack of either size; null where it has none. */
  smallStart: number | null;
  smallBytes: number | null;
  largeStart: number | null;
  largeBytes: number | null;
}
