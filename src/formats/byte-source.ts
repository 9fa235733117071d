/**
 * Bytes that are read in ranges: a file, a part of one, memory, or something behind HTTP range
 * requests. Readers of a format ask for the header first and then only for what they need.
 */
import { badInput } from "../base/errors.ts";

export interface ByteSource {
  /** What messages call it: the path as the user wrote it. */
  readonly name: string;
  readonly byteLength: number;
  /** Fills `into` with the bytes from `start`; fails when the source ends before. */
  read(start: number, into: Uint8Array): Promise<void>;
}

/** Bytes held in memory. */
export function bytesInMemory(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    byteLength: bytes.byteLength,
    async read(start, into) {
      if (start + into.byteLength > bytes.byteLength)
        throw endsEarly(name, start + into.byteLength, bytes.byteLength);
      into.set(bytes.subarray(start, start + into.byteLength));
    },
  };
}

/** `length` bytes of another source from `start` on. */
export function partOf(source: ByteSource, name: string, start: number, length: number): ByteSource {
  return {
    name,
    byteLength: length,
    async read(at, into) {
      if (at + into.byteLength > length) throw endsEarly(name, at + into.byteLength, length);
      await source.read(start + at, into);
    },
  };
}

/** Reads `length` bytes from `start` into a new array. */
export async function readBytes(
  source: ByteSource,
  start: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (start < 0 || length < 0 || start + length > source.byteLength) {
    throw endsEarly(source.name, start + length, source.byteLength);
  }
  const bytes = new Uint8Array(length);
  await source.read(start, bytes);
  return bytes;
}

/** The error for a source that is shorter than its own header says. */
export function endsEarly(name: string, needed: number, found: number): Error {
  return badInput(
    `${name} is truncated: it has ${count(found)} bytes where its header asks for at least ${count(needed)}; copy or write the file again.`,
  );
}

/** A whole number with thousands separators, for messages. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}
