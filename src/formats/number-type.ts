/**
 * The number types that matrices are stored in, and how stored bytes become float32.
 */
import { widenBfloats, widenHalves } from "./float16.ts";

export type NumberType = "float16" | "bfloat16" | "float32" | "float64";

export const bytesOf: Readonly<Record<NumberType, number>> = {
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
};

/** Every platform that Viaduct runs on is little-endian; typed arrays are read on that ground. */
export const hostIsLittleEndian: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Reverses the bytes of every element of `size` bytes, in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size) {
    for (let low = at, high = at + size - 1; low < high; low++, high--) {
      const held = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = held;
    }
  }
}

/** Writes `count` stored numbers as float32. `bytes` starts at a multiple of the element's size. */
export function widen(
  type: NumberType,
  bytes: Uint8Array,
  out: Float32Array,
  offset: number,
  count: number,
): void {
  const { buffer, byteOffset } = bytes;
  if (type === "float16") widenHalves(new Uint16Array(buffer, byteOffset, count), out, offset, count);
  else if (type === "bfloat16") widenBfloats(new Uint16Array(buffer, byteOffset, count), out, offset, count);
  else if (type === "float32") out.set(new Float32Array(buffer, byteOffset, count), offset);
  else {
    const values = new Float64Array(buffer, byteOffset, count);
    for (let i = 0; i < count; i++) out[offset + i] = values[i];
  }
}
