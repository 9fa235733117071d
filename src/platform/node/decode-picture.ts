/**
 * Decodes picture files in Node with sharp, an optional package, to the pixels that Pillow gives:
 * `ImageOps.exif_transpose(Image.open(file)).convert("RGB")`. Colour profiles are ignored, as there.
 */
import { readFile } from "node:fs/promises";
import { badInput } from "../../base/errors.ts";
import { cmykToRgb, onWhite, wideGreyToRgb, withoutAlpha } from "../../encoders/colours.ts";
import { checkSize, decodeSettings, gifPixels, type DecodeOptions } from "../../encoders/decode-options.ts";
import type { Pixels } from "../../encoders/encoder.ts";
import { avifProperties } from "../../formats/avif-properties.ts";
import { isGif } from "../../formats/gif.ts";
import { isWideGreyPng } from "../../formats/png-header.ts";
import { loadSharp, type Sharp } from "./load-sharp.ts";
import { smoothChroma } from "./smooth-chroma.ts";

type Pipeline = ReturnType<Sharp>;
type Metadata = Awaited<ReturnType<Pipeline["metadata"]>>;

/**
 * JPEG, PNG, WebP, AVIF, TIFF, SVG (at its own size, on white) and the first frame of a GIF, from a path
 * or from bytes. Throws `bad-input` for anything else, for damaged and truncated files and for pictures
 * above the limit, `missing-part` without sharp.
 */
export async function decodePicture(
  source: string | Uint8Array,
  options: DecodeOptions = {},
): Promise<Pixels> {
  const settings = decodeSettings(options, typeof source === "string" ? source : undefined);
  const { name, transparency } = settings;
  const sharp = await loadSharp("pictures");
  const bytes = typeof source === "string" ? await readPicture(source) : source;
  if (bytes.length === 0) throw badInput(`${name} is empty; expected a picture`);
  if (isGif(bytes)) return gifPixels(bytes, settings);
  const open = (): Pipeline =>
    sharp(bytes, { ignoreIcc: true, failOn: "truncated", limitInputPixels: false });
  let metadata: Metadata;
  try {
    metadata = await open().metadata();
  } catch (error) {
    throw badInput(
      `${name} is no picture that can be read (${oneLine(error)}); expected JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG`,
      error,
    );
  }
  checkSize(metadata, settings);
  try {
    return await sharpPixels(open().autoOrient(), metadata, transparency, bytes);
  } catch (error) {
    throw badInput(`${name} cannot be decoded (${oneLine(error)}); the file is damaged or incomplete`, error);
  }
}

async function sharpPixels(
  picture: Pipeline,
  metadata: Metadata,
  transparency: "drop" | "white",
  bytes: Uint8Array,
): Promise<Pixels> {
  if (metadata.space === "cmyk") {
    const raw = await rawPixels(picture.pipelineColourspace("cmyk").toColourspace("cmyk"));
    return { ...raw, data: cmykToRgb(raw.data) };
  }
  if (isWideGreyPng(bytes)) {
    const { data, info } = await picture
      .removeAlpha()
      .toColourspace("grey16")
      .raw({ depth: "ushort" })
      .toBuffer({ resolveWithObject: true });
    const grey = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
    return { width: info.width, height: info.height, data: wideGreyToRgb(grey) };
  }
  const coding = metadata.format === "heif" ? avifProperties(bytes) : null;
  const laidOnWhite = metadata.hasAlpha && (transparency === "white" || metadata.format === "svg");
  if (!laidOnWhite) return smoothChroma(await rawPixels(picture.removeAlpha().toColourspace("srgb")), coding);
  const raw = await rawPixels(picture.toColourspace("srgb").ensureAlpha());
  const colours = smoothChroma({ ...raw, data: withoutAlpha(raw.data) }, coding);
  return { ...raw, data: onWhite(colours.data, raw.data) };
}

async function rawPixels(picture: Pipeline): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

async function readPicture(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw badInput(`${path} cannot be read: ${oneLine(error)}`, error);
  }
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, " ").trim();
}
