import { existsSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { thumbnailLayout } from "../../protocol/study-layout.ts";
import { thumbnailType } from "../../protocol/thumbnails.ts";
import { thumbnailsOfFile, thumbnailsOfPixels, type Thumbnails } from "./make-thumbnails.ts";
import { openThumbnails } from "./thumbnail-reader.ts";
import { ThumbnailWriter } from "./thumbnail-writer.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-thumbnails-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Left half red, right half blue. */
function halves(width: number, height: number): Buffer {
  const data = Buffer.alloc(3 * width * height);
  for (let i = 0; i < width * height; i++) data[3 * i + (i % width < width / 2 ? 0 : 2)] = 255;
  return data;
}

const sizeOf = async (file: Uint8Array): Promise<[string, number, number]> => {
  const { format, width, height } = await sharp(file).metadata();
  return [format, width, height];
};

describe("making thumbnails", () => {
  it("makes WebP files within 96 and 320 pixels, from pixels and from files alike", async () => {
    const raw = { width: 1000, height: 500, channels: 3 } as const;
    const pixels = await thumbnailsOfPixels(sharp, { data: halves(1000, 500), ...raw });
    const png = await sharp(halves(1000, 500), { raw }).png().toBuffer();
    for (const made of [pixels, await thumbnailsOfFile(sharp, png)]) {
      expect([made.width, made.height]).toEqual([1000, 500]);
      expect(await sizeOf(made.small!)).toEqual(["webp", 96, 48]);
      expect(await sizeOf(made.large)).toEqual(["webp", 320, 160]);
      const { data, info } = await sharp(made.small!).raw().toBuffer({ resolveWithObject: true });
      const at = (x: number): number[] => [
        ...data.subarray((24 * info.width + x) * 3, (24 * info.width + x) * 3 + 3),
      ];
      expect(at(10)[0]).toBeGreaterThan(230);
      expect(at(10)[2]).toBeLessThan(25);
      expect(at(85)[0]).toBeLessThan(25);
      expect(at(85)[2]).toBeGreaterThan(230);
    }
  });

  it("turns a picture as its EXIF says and gives the size that is seen", async () => {
    const raw = { width: 400, height: 200, channels: 3 } as const;
    const turned = await sharp(halves(400, 200), { raw }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const made = await thumbnailsOfFile(sharp, turned);
    expect([made.width, made.height]).toEqual([200, 400]);
    expect(await sizeOf(made.large)).toEqual(["webp", 160, 320]);
  });

  it("enlarges nothing, keeps alpha, takes grey, CMYK and the first frame of an animation", async () => {
    const plain = { width: 20, height: 10, background: "#20406080" };
    const grey = await thumbnailsOfPixels(sharp, {
      data: new Uint8Array(200),
      width: 20,
      height: 10,
      channels: 1,
    });
    expect(await sizeOf(grey.large)).toEqual(["webp", 20, 10]);
    const alpha = await sharp({ create: { ...plain, channels: 4 } })
      .png()
      .toBuffer();
    expect((await sharp((await thumbnailsOfFile(sharp, alpha)).small!).metadata()).hasAlpha).toBe(true);
    const cmyk = await sharp({ create: { ...plain, channels: 3 } })
      .toColourspace("cmyk")
      .jpeg()
      .toBuffer();
    expect((await sharp((await thumbnailsOfFile(sharp, cmyk)).large).metadata()).space).toBe("srgb");
    const negative = await sharp(alpha).negate({ alpha: false }).png().toBuffer();
    const frames = await sharp([alpha, negative], { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(frames).metadata()).pages).toBe(2);
    expect(await sizeOf((await thumbnailsOfFile(sharp, frames)).small!)).toEqual(["webp", 20, 10]);
  });

  it("keeps a drawing as it is where that takes fewer bytes, and draws it otherwise", async () => {
    const svg = (inner: string): Buffer =>
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="640" height="64">${inner}</svg>`);
    const simple = svg('<rect width="9" height="9"/>');
    const detailed = svg(
      Array.from(
        { length: 2000 },
        (_, i) => `<rect x="${(i * 7919) % 640}" width="1" height="${i % 64}"/>`,
      ).join(""),
    );
    const pixels = await sharp(simple).raw().toBuffer({ resolveWithObject: true });
    const { width, height } = pixels.info;
    const raw = { data: pixels.data, width, height, channels: 4 } as const;
    for (const kept of [
      await thumbnailsOfFile(sharp, simple),
      await thumbnailsOfPixels(sharp, raw, simple),
    ]) {
      expect([kept.width, kept.height, kept.small]).toEqual([640, 64, null]);
      expect(thumbnailType(kept.large)).toEqual({ type: "image/svg+xml", gzip: true });
      expect(gunzipSync(kept.large)).toEqual(simple);
    }
    for (const drawn of [await thumbnailsOfFile(sharp, detailed), await thumbnailsOfPixels(sharp, raw)]) {
      expect(await sizeOf(drawn.large)).toEqual(["webp", 320, 32]);
      expect(thumbnailType(drawn.large)).toEqual({ type: "image/webp", gzip: false });
    }
  });

  it("fails on what is no picture", async () => {
    await expect(thumbnailsOfFile(sharp, Buffer.from("no picture"))).rejects.toThrow(
      /unsupported image format/i,
    );
  });
});

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const made = (row: number): Thumbnails | null =>
  row % 5 === 3
    ? null
    : { width: row + 1, height: 2, small: bytes(row + 1, row), large: bytes(300 + row, row) };

async function write(writer: ThumbnailWriter, from: number, to: number): Promise<void> {
  for (let row = from; row < to; row++) await writer.append(made(row));
}

describe("packed thumbnails", () => {
  it("come back row by row", async () => {
    const writer = await ThumbnailWriter.open(folder);
    await write(writer, 0, 4500);
    expect(writer.rows).toBe(4500);
    await writer.finish();
    expect(existsSync(join(folder, thumbnailLayout.journal))).toBe(false);
    const reader = await openThumbnails(folder);
    expect(reader.rows).toBe(4500);
    for (const row of [0, 1, 3, 254, 4096, 4499]) {
      const expected = made(row);
      expect(await reader.read(row, "small")).toEqual(expected && expected.small);
      expect(await reader.read(row, "large")).toEqual(expected && expected.large);
      expect(reader.pictureSize(row)).toEqual(expected && { width: row + 1, height: 2 });
    }
    expect(await reader.read(4500, "small")).toBeNull();
    await reader.close();
  });

  it("stand for each other where one size is absent", async () => {
    const writer = await ThumbnailWriter.open(folder);
    await writer.append({ width: 2, height: 2, small: null, large: bytes(30, 7) });
    await writer.append(made(1));
    await writer.finish();
    const reader = await openThumbnails(folder);
    expect(await reader.read(0, "small")).toEqual(bytes(30, 7));
    expect(await reader.read(1, "small")).toEqual(made(1)?.small);
    await reader.close();
  });

  it("are the same after a kill, whatever was written behind the last flush", async () => {
    const straight = await ThumbnailWriter.open(folder);
    await write(straight, 0, 40);
    await straight.finish();
    const files = [thumbnailLayout.small, thumbnailLayout.large, thumbnailLayout.table];
    const whole = await Promise.all(files.map((name) => readFile(join(folder, name))));

    const killed = await ThumbnailWriter.open(folder);
    await write(killed, 0, 17);
    await killed.flush();
    await write(killed, 17, 30);
    await killed.close();
    for (const name of [thumbnailLayout.small, thumbnailLayout.journal]) {
      await appendFile(join(folder, name), "half");
    }
    const resumed = await ThumbnailWriter.open(folder, { rows: 17 });
    expect(resumed.rows).toBe(17);
    await write(resumed, 17, 40);
    await resumed.finish();
    expect(await Promise.all(files.map((name) => readFile(join(folder, name))))).toEqual(whole);
  });

  it("do not go on from rows that are not there", async () => {
    const writer = await ThumbnailWriter.open(folder);
    await write(writer, 0, 3);
    await writer.flush();
    await writer.close();
    await expect(ThumbnailWriter.open(folder, { rows: 4 })).rejects.toThrow(
      /fewer than the 64 .*begin again/,
    );
    await rm(join(folder, thumbnailLayout.journal));
    await expect(ThumbnailWriter.open(folder, { rows: 3 })).rejects.toThrow(/cannot be opened/);
  });
});
