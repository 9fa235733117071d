import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { narrowToBfloats, narrowToHalves, widenBfloats, widenHalves } from "./float16.ts";
import { expected } from "./testing/fixtures.ts";

function sha256(array: Float32Array | Uint16Array): string {
  return createHash("sha256")
    .update(new Uint8Array(array.buffer, 0, array.byteLength))
    .digest("hex");
}

/** The numbers that formats.py narrows: pseudo-random bits, then the same near the halves' range. */
function numbersToNarrow(): Float32Array {
  const words = new Uint32Array(200_000);
  let state = 1;
  for (let i = 0; i < words.length; i++) words[i] = state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  const all = new Float32Array(words.slice().buffer).filter((value) => !Number.isNaN(value));
  const near = new Float32Array(words.map((word) => ((word & 0x8fffffff) | 0x30000000) >>> 0).buffer);
  const out = new Float32Array(all.length + near.length);
  out.set(all);
  out.set(near, all.length);
  return out;
}

describe("half precision", () => {
  it("widens all finite halves as NumPy does", () => {
    const out = new Float32Array(65536);
    widenHalves(
      Uint16Array.from({ length: 65536 }, (_, i) => i),
      out,
    );
    const finite = out.filter((value) => Number.isFinite(value));
    expect(finite.length).toBe(expected.halves.finite);
    expect(sha256(finite)).toBe(expected.halves.widened);
  });

  it("rounds 400,000 numbers as NumPy does", () => {
    const numbers = numbersToNarrow();
    const bits = new Uint16Array(numbers.length);
    narrowToHalves(numbers, bits);
    expect(numbers.length).toBe(expected.narrowed.count);
    expect(sha256(bits)).toBe(expected.narrowed.float16);
  });

  it("gives every half back after widening, infinities too", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((b) => (b & 0x7fff) <= 0x7c00);
    const wide = new Float32Array(bits.length);
    const back = new Uint16Array(bits.length);
    widenHalves(bits, wide);
    narrowToHalves(wide, back);
    expect(back).toEqual(bits);
  });

  it("keeps NaN", () => {
    const bits = new Uint16Array(1);
    narrowToHalves(new Float32Array([NaN]), bits);
    const wide = new Float32Array(1);
    widenHalves(bits, wide);
    expect(wide[0]).toBeNaN();
  });
});

describe("bfloat16", () => {
  it("rounds as ml_dtypes does", () => {
    const numbers = numbersToNarrow();
    const bits = new Uint16Array(numbers.length);
    narrowToBfloats(numbers, bits);
    expect(sha256(bits)).toBe(expected.narrowed.bfloat16);
  });

  it("is within half a unit in the eighth bit", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: Math.fround(-1e30), max: Math.fround(1e30) }), (value) => {
        const bits = new Uint16Array(1);
        const wide = new Float32Array(1);
        narrowToBfloats(new Float32Array([value]), bits);
        widenBfloats(bits, wide);
        expect(Math.abs(wide[0] - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -8 + 1e-38);
      }),
    );
  });
});
