import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createImagePreparation } from "../../src/encoders/image-preparation.ts";
import type { Pixels } from "../../src/encoders/encoder.ts";
import { resize } from "../../src/encoders/resize.ts";
import { decodePicture } from "../../src/platform/node/decode-picture.ts";
import { expected, picturePath, tinyDescription } from "./tiny-towers.ts";

const sha256 = (data: ArrayBufferView): string =>
  createHash("sha256")
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");

test.each(expected.resized)(
  "$source resized to $width x $height ($resample) has the bytes of Pillow",
  async ({ source, width, height, resample, sha256: wanted }) => {
    const { data } = resize(await decodePicture(picturePath(source)), { width, height, resample });
    expect(sha256(data)).toBe(wanted);
  },
);

test.each(expected.cropped)(
  "$source with its shorter edge at $edge, cropped or filled up to $width x $height, has the bits of transformers",
  async ({ source, edge, width, height, sha256: wanted }) => {
    const { image } = await tinyDescription("clip");
    const prepare = createImagePreparation({
      ...image,
      resize: { mode: "shortest-edge", edge },
      width,
      height,
    });
    expect(sha256(prepare(await decodePicture(picturePath(source))))).toBe(wanted);
  },
);

function noise(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = Math.imul(state, 1664525) + 1013904223;
    data[i] = state >>> 24;
  }
  return { width, height, data };
}

test.each([
  [noise(301, 199), 224, 224],
  [noise(40, 900), 33, 50],
  [noise(90, 7), 400, 200],
] as const)("a part of a picture is what the whole has there", (pixels, width, height) => {
  const whole = resize(pixels, { width, height, resample: "lanczos" });
  const part = { left: 11, top: 7, width: 20, height: 31 };
  const { data } = resize(pixels, { width, height, resample: "lanczos", part });
  for (let y = 0; y < part.height; y++) {
    const at = ((part.top + y) * width + part.left) * 3;
    expect(data.slice(y * part.width * 3, (y + 1) * part.width * 3)).toEqual(
      whole.data.slice(at, at + part.width * 3),
    );
  }
});

test("a picture of one colour keeps it, also where it goes through memory in several bands", () => {
  const data = new Uint8Array(2100 * 1300 * 3).fill(173);
  for (const [width, height] of [
    [224, 224],
    [2100, 300],
    [300, 1300],
  ] as const) {
    const out = resize({ width: 2100, height: 1300, data }, { width, height, resample: "bicubic" });
    expect(out.data.every((value) => value === 173)).toBe(true);
    expect(out.data.length).toBe(width * height * 3);
  }
});

test("pixels that do not fill the picture are refused", async () => {
  const prepare = createImagePreparation((await tinyDescription("clip")).image);
  expect(() => prepare({ width: 3, height: 2, data: new Uint8Array(17) })).toThrow(
    "a picture of 3 x 2 pixels comes with 17 bytes; expected 18, three for each pixel",
  );
});
