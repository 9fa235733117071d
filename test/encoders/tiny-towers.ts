/** The fixtures of test/fixtures/make/encoders/encoders.py: tiny towers of four families and what PyTorch gives for them. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { parseDescription, type EncoderDescription } from "../../src/encoders/description.ts";
import type { EncoderFiles } from "../../src/encoders/onnx-encoder.ts";

export const fixtures = fileURLToPath(new URL("../fixtures/encoders/", import.meta.url));
export const familyNames = ["clip", "siglip", "siglip2", "aimv2"] as const;
export type FamilyName = (typeof familyNames)[number];

const rows = z.array(z.array(z.number()));
const family = z.object({
  dimension: z.int(),
  images: z.record(z.string(), z.array(z.number())),
  /** SHA-256 of the prepared pictures, for those that every decoder reads alike. */
  prepared: z.record(z.string(), z.string()),
  texts: rows,
  tokens: rows,
  /** Smallest cosine to the processors that resize with torchvision. */
  torchvision: z.number(),
  /** Smallest cosine to pictures resized by Pillow before version 13. */
  before13: z.number(),
});
const expectedFile = z.object({
  captions: z.array(z.string()),
  decoded: z.record(z.string(), z.object({ width: z.int(), height: z.int(), sha256: z.string() })),
  onWhite: z.record(z.string(), z.string()),
  resized: z.array(
    z.object({
      source: z.string(),
      width: z.int(),
      height: z.int(),
      resample: z.enum(["bicubic", "bilinear", "lanczos"]),
      sha256: z.string(),
    }),
  ),
  cropped: z.array(
    z.object({ source: z.string(), edge: z.int(), width: z.int(), height: z.int(), sha256: z.string() }),
  ),
  families: z.record(z.enum(familyNames), family),
});

export const expected = expectedFile.parse(JSON.parse(await readFile(`${fixtures}expected.json`, "utf8")));

export const picturePath = (name: string): string => `${fixtures}pictures/${name}`;

export async function tinyDescription(name: FamilyName): Promise<EncoderDescription> {
  const path = `${fixtures}${name}/encoder.json`;
  return parseDescription(JSON.parse(await readFile(path, "utf8")), path);
}

export function tinyFiles(name: FamilyName): EncoderFiles {
  return {
    network: async (file) => `${fixtures}${name}/${file}`,
    text: (file) => readFile(`${fixtures}${name}/${file}`, "utf8"),
  };
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] ** 2;
    bb += b[i] ** 2;
  }
  return dot / Math.sqrt(aa * bb);
}
