/** Pictures of one colour, made where a test runs. */
import sharp from "sharp";

export type Colour = readonly [red: number, green: number, blue: number];

/** The colour of the picture numbered so: no two of the first thousand are alike. */
export function colourOf(number: number): Colour {
  return [(number * 37) % 256, (number * 91 + 13) % 256, Math.floor(number / 4) % 256];
}

export async function painted(
  [r, g, b]: Colour,
  format: "png" | "jpeg" | "webp" | "gif" | "avif" = "png",
): Promise<Uint8Array> {
  const picture = sharp({ create: { width: 12, height: 10, channels: 3, background: { r, g, b } } });
  return new Uint8Array(await picture.toFormat(format).toBuffer());
}

/** What the fake encoder gives for it. */
export function embeddingOf(colour: Colour): number[] {
  const row = [...colour.map((value) => value / 255), 1];
  const norm = Math.hypot(...row);
  return row.map((value) => value / norm);
}
