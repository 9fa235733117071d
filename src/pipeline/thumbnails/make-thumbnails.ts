/** Both thumbnails of one picture, from its pixels or from its file; usable in any thread. */
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
  /** WebP files. */
  readonly small: Uint8Array;
  readonly large: Uint8Array;
}

/** Large ones are looked at, small ones stand for a picture on the map. */
const quality = { small: 70, large: 76 } as const;

/** From pixels that were decoded for another purpose. */
export async function thumbnailsOfPixels(sharp: Sharp, picture: RawPicture): Promise<Thumbnails> {
  const { data, width, height, channels } = picture;
  const large = sharp(data, { raw: { width, height, channels } });
  return bothSizes(sharp, large, { width, height });
}

/**
 * From a picture file of any format that sharp reads (the first frame of an animation), from its
 * path or its bytes. Fails with sharp's own error where it is none.
 */
export async function thumbnailsOfFile(sharp: Sharp, file: string | Uint8Array): Promise<Thumbnails> {
  const picture = sharp(file).autoOrient();
  const { autoOrient } = await picture.metadata();
  return bothSizes(sharp, picture, autoOrient);
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
    sharp(data, pixels).webp({ quality: quality.large }).toBuffer(),
    sharp(data, pixels)
      .resize({ ...within(thumbnailSide.small), withoutEnlargement: true })
      .webp({ quality: quality.small })
      .toBuffer(),
  ]);
  return { width, height, small, large };
}

function within(side: number): { width: number; height: number; fit: "inside" } {
  return { width: side, height: side, fit: "inside" };
}
