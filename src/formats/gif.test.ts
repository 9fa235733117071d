import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ViaductError } from "../base/errors.ts";
import { decodeGif, gifSize, isGif } from "./gif.ts";

/** One frame of 2 x 2 pixels with the colours 0, 1, 2, 3 of a palette of four. */
const small = new Uint8Array([
  ...new TextEncoder().encode("GIF89a"),
  // Canvas of 2 x 2, a palette of four colours.
  ...[2, 0, 2, 0, 0x81, 0, 0].concat([10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42]),
  // The frame; codes of 3 bits: clear (4), 0, 1, 2; of 4 bits after these: 3, end (5).
  ...[0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0].concat([2, 3, 0b01000100, 0b00110100, 0b01010001, 0, 0x3b]),
]);

describe("a GIF", () => {
  test("is known by its first bytes and has the size it states", () => {
    expect(isGif(small)).toBe(true);
    expect(isGif(Uint8Array.of(0x47, 0x49, 0x46))).toBe(false);
    expect(gifSize(small)).toEqual({ width: 2, height: 2 });
  });

  test("with damaged bytes gives a picture of its size or an error, and ends", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const bytes = small.slice();
          for (const [at, value] of changes) bytes[at] = value;
          // Sizes stay small, so that the test does.
          bytes[7] = bytes[9] = 0;
          for (const at of [27, 29, 31, 33]) bytes[at] = 0;
          try {
            const { width, height, data } = decodeGif(bytes);
            expect(data.length).toBe(width * height * 3);
          } catch (error) {
            expect(error).toBeInstanceOf(ViaductError);
          }
        },
      ),
      { numRuns: 500, seed: 3 },
    );
  });
});
