/**
 * From a picture's bytes to what the rest needs of it: the image tower's input, thumbnails, a hash of
 * its content. Runs in worker threads, beside the network.
 */
import { createHash } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { ViaductError } from "../../base/errors.ts";
import type { ImageDescription } from "../../encoders/description.ts";
import { createImagePreparation } from "../../encoders/image-preparation.ts";
import { decodePicture } from "../../platform/node/decode-picture.ts";
import { loadSharp, type Sharp } from "../../platform/node/load-sharp.ts";
import { thumbnailsOfPixels, type Thumbnails } from "../thumbnails/make-thumbnails.ts";

/** Where a picture lies: a file, or a part of one from byte `start`. */
export interface PicturePlace {
  readonly path: string;
  readonly start: number | null;
  readonly bytes: number;
}

export interface PreparedPicture {
  /** 3 x height x width, as the image tower takes it. */
  readonly input: Float32Array<ArrayBuffer>;
  /** SHA-256 of the picture's bytes, hexadecimal. */
  readonly sha256: string;
  /** null where they were not asked for or could not be made. */
  readonly thumbnails: Thumbnails | null;
}

/** `problem` says why a picture cannot be used. */
export type PictureResult = PreparedPicture | { readonly problem: string };

export type PrepareFile = (place: PicturePlace) => Promise<PictureResult>;

export interface PreparationOptions {
  readonly image: ImageDescription;
  readonly thumbnails: boolean;
}

/** Throws `missing-part` without sharp; whatever is wrong with a picture becomes its `problem`. */
export async function createFilePreparation({ image, thumbnails }: PreparationOptions): Promise<PrepareFile> {
  const sharp = await loadSharp("Pictures");
  // One picture at a time in each of several threads; nothing is read twice.
  sharp.concurrency(1);
  sharp.cache(false);
  const prepare = createImagePreparation(image);
  return async (place) => {
    try {
      const bytes = await readPicture(place);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const pixels = await decodePicture(bytes, { transparency: image.transparency, name: "it" });
      const input = prepare(pixels) as Float32Array<ArrayBuffer>;
      return { input, sha256, thumbnails: thumbnails ? await both(sharp, pixels, bytes) : null };
    } catch (error) {
      if (error instanceof ViaductError && error.code === "missing-part") throw error;
      return { problem: oneLine(error) };
    }
  };
}

async function readPicture({ path, start, bytes }: PicturePlace): Promise<Uint8Array> {
  if (start === null) return readFile(path);
  const handle = await open(path, "r");
  try {
    const into = new Uint8Array(bytes);
    for (let done = 0; done < bytes;) {
      const { bytesRead } = await handle.read(into, done, bytes - done, start + done);
      if (bytesRead === 0) throw new Error("the archive ends in the middle of it");
      done += bytesRead;
    }
    return into;
  } finally {
    await handle.close();
  }
}

/** A picture that the tower can take is not lost for want of a thumbnail. */
async function both(
  sharp: Sharp,
  { data, width, height }: { data: Uint8Array | Uint8ClampedArray; width: number; height: number },
  file: Uint8Array,
): Promise<Thumbnails | null> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return thumbnailsOfPixels(sharp, { data: bytes, width, height, channels: 3 }, file).catch(() => null);
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, " ").trim();
}
