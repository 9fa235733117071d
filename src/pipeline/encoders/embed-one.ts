/** A few texts, or one picture, through an encoder that is loaded: what queries need. */
import { decodePicture } from "../../platform/node/decode-picture.ts";
import type { LoadedEncoder } from "./encoder-choice.ts";

export interface EmbedTextsOptions {
  /** Texts in the tower together. Default 64. */
  readonly batch?: number;
}

/** texts x d, scaled as the encoder was loaded to (`normalize`); blank texts are embedded as any other. */
export async function embedTexts(
  { encoder }: Pick<LoadedEncoder, "encoder">,
  texts: readonly string[],
  { batch = 64 }: EmbedTextsOptions = {},
): Promise<Float32Array> {
  const rows = new Float32Array(texts.length * encoder.dimension);
  for (let start = 0; start < texts.length; start += batch) {
    rows.set(await encoder.text.run(texts.slice(start, start + batch)), start * encoder.dimension);
  }
  return rows;
}

/**
 * The d numbers of one picture, from its path or the bytes of its file: JPEG, PNG, WebP, AVIF, GIF (first
 * frame) or SVG. Throws `bad-input` for what is no picture, `missing-part` without sharp.
 */
export async function embedPicture(
  { encoder, description }: Pick<LoadedEncoder, "encoder" | "description">,
  file: string | Uint8Array,
): Promise<Float32Array> {
  const pixels = await decodePicture(file, { transparency: description.image.transparency });
  return (await encoder.image.run(encoder.image.prepare(pixels), 1)).slice();
}
