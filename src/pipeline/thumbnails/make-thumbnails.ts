/** Both thumbnails of one picture, from its pixels or from its file; usable in any thread. */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { Sharp } from "../../platform/node/load-sharp.ts";
import { thumbnailSide } from "../../protocol/thumbnails.ts";

/** Eight bits a channel, row by row, upright (EXIF rotation done). */
export interface RawPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Grey, grey and alpha, RGB, RGB and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
}

export interface Thumbnails {
  /** Pixels of the picture itself. */
  readonly width: number;
  readonly height: number;
  /** A WebP file; null where the large one takes no more bytes and stands for it. */
  readonly small: Uint8Array | null;
  /** A WebP file, or the picture itself as SVGZ where it is a drawing that takes fewer bytes so. */
  readonly large: Uint8Array;
}

/** Large ones are looked at, small ones stand for a picture on the map. */
const quality = { small: 70, large: 76 } as const;
/** Half the time of the default of 4, for a few hundredths more bytes. */
const effort = 2;

/** Drawings are kept as they are up to this many bytes: they are drawn anew wherever they are shown. */
const longestDrawing = 1 << 16;
/** Compressed to this, they are kept without drawing them for comparison. */
const shortDrawing = 1 << 12;

/** From pixels that were decoded for another purpose; with the file's bytes, where they are at hand, for drawings. */
export async function thumbnailsOfPixels(
  sharp: Sharp,
  picture: RawPicture,
  file?: Uint8Array,
): Promise<Thumbnails> {
  const { data, width, height, channels } = picture;
  const large = sharp(data, { raw: { width, height, channels } });
  return orDrawing(
    await bothSizes(sharp, large, { width, height }),
    file === undefined ? null : drawingOf(file),
  );
}

/**
 * From a picture file of any format that sharp reads (the first frame of an animation), from its
 * path or its bytes. Fails with sharp's own error where it is none.
 */
export async function thumbnailsOfFile(sharp: Sharp, file: string | Uint8Array): Promise<Thumbnails> {
  const picture = sharp(file).autoOrient();
  const { autoOrient, format } = await picture.metadata();
  if (format !== "svg") return bothSizes(sharp, picture, autoOrient);
  const drawing = drawingOf(typeof file === "string" ? await readFile(file) : file);
  if (drawing !== null && drawing.byteLength <= shortDrawing) {
    return { width: autoOrient.width, height: autoOrient.height, small: null, large: drawing };
  }
  return orDrawing(await bothSizes(sharp, picture, autoOrient), drawing);
}

/** The picture as SVGZ; null where it is no drawing, or too long to be drawn again and again. */
function drawingOf(file: Uint8Array): Uint8Array | null {
  return file.byteLength <= longestDrawing && isSvg(file) ? gzipSync(file, { level: 9 }) : null;
}

function orDrawing(thumbnails: Thumbnails, drawing: Uint8Array | null): Thumbnails {
  if (drawing === null || drawing.byteLength >= thumbnails.large.byteLength) return thumbnails;
  const { small } = thumbnails;
  return {
    ...thumbnails,
    large: drawing,
    small: drawing.byteLength <= (small?.byteLength ?? 0) ? null : small,
  };
}

/** What browsers take for SVG; other XML that sharp may draw is not kept. */
function isSvg(file: Uint8Array): boolean {
  const head = Buffer.from(file.buffer, file.byteOffset, Math.min(file.byteLength, 1024)).toString("latin1");
  return /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(
    head,
  );
}

async function bothSizes(
  sharp: Sharp,
  picture: ReturnType<Sharp>,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Thumbnails> {
  const { data, info } = await picture
    .resize({ ...within(thumbnailSide.large), withoutEnlargement: true })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = { raw: { width: info.width, height: info.height, channels: info.channels } };
  const [large, small] = await Promise.all([
    sharp(data, pixels).webp({ quality: quality.large, effort }).toBuffer(),
    sharp(data, pixels)
      .resize({ ...within(thumbnailSide.small), withoutEnlargement: true })
      .webp({ quality: quality.small, effort })
      .toBuffer(),
  ]);
  return { width, height, small, large };
}

function within(side: number): { width: number; height: number; fit: "inside" } {
  return { width: side, height: side, fit: "inside" };
}
