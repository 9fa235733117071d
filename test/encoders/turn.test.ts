import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { expect, test } from "vitest";
import { turn } from "../../src/encoders/turn.ts";
import { webpOrientation } from "../../src/formats/webp-orientation.ts";
import { picturePath } from "./tiny-towers.ts";

const width = 5;
const height = 3;
const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => i * 5);

test.each([1, 2, 3, 4, 5, 6, 7, 8])("orientation %i is turned as sharp turns it", async (orientation) => {
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .withMetadata({ orientation })
    .toBuffer();
  const wanted = await sharp(png).autoOrient().raw().toBuffer({ resolveWithObject: true });
  const turned = turn({ width, height, data }, orientation);
  expect([turned.width, turned.height]).toEqual([wanted.info.width, wanted.info.height]);
  expect([...turned.data]).toEqual([...wanted.data]);
});

test("the orientation of a WebP is read, and 1 taken for what has none", async () => {
  expect(webpOrientation(await readFile(picturePath("turned-8.webp")))).toBe(8);
  expect(webpOrientation(await readFile(picturePath("lossy.webp")))).toBe(1);
  expect(webpOrientation(await readFile(picturePath("turned-6.jpg")))).toBe(1);
  const cut = (await readFile(picturePath("turned-8.webp"))).subarray(0, -20);
  expect(webpOrientation(cut)).toBe(1);
});
