/** What Node and browsers have in common when they decode a picture. */
import { badInput } from "../base/errors.ts";
import { decodeGif, gifSize } from "../formats/gif.ts";
import type { Pixels } from "./encoder.ts";

export interface DecodeOptions {
  /** What is left of a transparent picture: its colours as stored (the default), or laid on white. */
  readonly transparency?: "drop" | "white";
  /** Pictures with more pixels are refused before they are decoded; 2²⁸ without it. */
  readonly pixelLimit?: number;
  /** What errors call the picture when it is given as bytes. */
  readonly name?: string;
}

export function decodeSettings(options: DecodeOptions, name = "the picture"): Required<DecodeOptions> {
  return { transparency: "drop", pixelLimit: 2 ** 28, name, ...options };
}

export function checkSize(
  { width, height }: { readonly width: number; readonly height: number },
  { pixelLimit, name }: Required<DecodeOptions>,
): void {
  if (width > 0 && height > 0 && width * height <= pixelLimit) return;
  throw badInput(
    `${name} has ${width} x ${height} pixels; at least one and at most ${pixelLimit} are decoded: make it smaller`,
  );
}

/** The first frame of a GIF. */
export function gifPixels(bytes: Uint8Array, settings: Required<DecodeOptions>): Pixels {
  const { name, transparency } = settings;
  const size = naming(name, () => gifSize(bytes));
  checkSize(size, settings);
  const { width, height, data, alpha } = naming(name, () => decodeGif(bytes));
  if (transparency === "drop" || alpha === null) return { width, height, data };
  return { width, height, data: data.map((value, i) => (alpha[Math.floor(i / 3)] === 0 ? 255 : value)) };
}

function naming<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw badInput(`${name} cannot be decoded: ${message}`, error);
  }
}
