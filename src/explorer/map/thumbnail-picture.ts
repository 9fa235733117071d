/** A picture of an image row as a small square, ready to be painted in every frame. */
import type { RowPicture } from "../data/data-source.ts";
import type { Thumbnail } from "./thumbnail-loader.ts";

/** Device pixels a side: the largest thumbnail on a screen of two pixels to one. */
const side = 144;

/** The middle square of the picture; throws when it cannot be had. */
export async function thumbnailPicture(picture: RowPicture): Promise<Thumbnail> {
  const image = new Image();
  image.decoding = "async";
  image.src = await picture.address("small");
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const cut = Math.min(width, height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.min(side, cut);
  const context = canvas.getContext("2d");
  if (context === null || cut === 0) throw new Error("the picture has no pixels");
  context.imageSmoothingQuality = "high";
  context.drawImage(
    image,
    (width - cut) / 2,
    (height - cut) / 2,
    cut,
    cut,
    0,
    0,
    canvas.width,
    canvas.height,
  );
  return canvas;
}
