import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { decodePicture } from "../../src/platform/node/decode-picture.ts";
import { expected, picturePath } from "./tiny-towers.ts";

const names = Object.keys(expected.decoded);
const sha256 = (data: Uint8Array | Uint8ClampedArray): string =>
  createHash("sha256").update(data).digest("hex");

describe("pixels are those of Pillow", () => {
  // AVIF is decoded by another library than Pillow's: sizes here, embeddings in parity.test.ts.
  test.each(names)("%s", async (name) => {
    const { width, height, sha256: wanted } = expected.decoded[name];
    const picture = await decodePicture(picturePath(name));
    expect([picture.width, picture.height]).toEqual([width, height]);
    expect(picture.data.length).toBe(width * height * 3);
    if (!name.endsWith(".avif")) expect(sha256(picture.data)).toBe(wanted);
  });

  test("from bytes as from a path", async () => {
    const path = picturePath("turned-6.jpg");
    expect(await decodePicture(await readFile(path))).toEqual(await decodePicture(path));
  });

  test.each(Object.keys(expected.onWhite).filter((name) => !name.endsWith(".avif")))(
    "%s laid on white",
    async (name) => {
      const picture = await decodePicture(picturePath(name), { transparency: "white" });
      expect(sha256(picture.data)).toBe(expected.onWhite[name]);
    },
  );
});

test("a drawing is rasterised at its own size on white", async () => {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect x="10" width="10" height="20" fill="#0000ff"/></svg>`;
  const { width, height, data } = await decodePicture(Buffer.from(drawing));
  expect([width, height]).toEqual([30, 20]);
  expect([...data.subarray(0, 3)]).toEqual([255, 255, 255]);
  expect([...data.subarray(15 * 3, 15 * 3 + 3)]).toEqual([0, 0, 255]);
});

describe("an error, not half a picture", () => {
  test.each([
    "large.jpg",
    "progressive.jpg",
    "alpha.png",
    "lossy.webp",
    "lossless.webp",
    "picture.avif",
    "transparent.gif",
  ])("of a truncated %s", async (name) => {
    const bytes = await readFile(picturePath(name));
    for (const share of [0.2, 0.5, 0.9]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      if (name.endsWith(".gif") && share === 0.9) continue; // The first of two frames is whole there.
      await expect(decodePicture(cut, { name }), `${name} to ${share}`).rejects.toMatchObject({
        code: "bad-input",
        message: expect.stringContaining(name),
      });
    }
  });

  test.each([
    ["empty", new Uint8Array(0), "is empty"],
    ["text", Buffer.from("no picture at all"), "is no picture that can be read"],
    ["a GIF without a frame", Buffer.from("GIF89a\x05\0\x05\0\0\0\0;", "latin1"), "the GIF holds no picture"],
  ])("of %s", async (_, bytes, message) => {
    await expect(decodePicture(bytes, { name: "x.jpg" })).rejects.toThrow(message);
  });

  test("of a file that is not there", async () => {
    await expect(decodePicture(picturePath("missing.jpg"))).rejects.toThrow("missing.jpg cannot be read");
  });

  test("of a picture above the limit", async () => {
    await expect(decodePicture(picturePath("grey.png"), { pixelLimit: 12_000 })).rejects.toThrow(
      /grey\.png has 131 x 97 pixels; at least one and at most 12000 are decoded/,
    );
  });
});
