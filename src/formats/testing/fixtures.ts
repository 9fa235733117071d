/** Files made by NumPy, safetensors, PyArrow, pandas and clip-retrieval: test/fixtures/make/formats.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RowSource } from "../../base/rows.ts";
import { bytesInMemory, type ByteSource } from "../byte-source.ts";

export const fixtureFolder: string = fileURLToPath(
  new URL("../../../test/fixtures/formats/", import.meta.url),
);

export function fixtureBytes(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(fixtureFolder, name)));
}

export function fixture(name: string): ByteSource {
  return bytesInMemory(name, fixtureBytes(name));
}

/** A fixture that lacks its last `missing` bytes. */
export function truncated(name: string, missing: number): ByteSource {
  const bytes = fixtureBytes(name);
  return bytesInMemory(name, bytes.subarray(0, bytes.length - missing));
}

interface Expected {
  readonly matrices: Readonly<
    Record<string, { readonly shape: [number, number]; readonly values: number[] }>
  >;
  readonly halves: { readonly finite: number; readonly widened: string };
  readonly narrowed: { readonly count: number; readonly float16: string; readonly bfloat16: string };
}

/** What the tools themselves read back, as float32. */
export const expected = JSON.parse(readFileSync(join(fixtureFolder, "expected.json"), "utf8")) as Expected;

export function expectedMatrix(name: string): { shape: [number, number]; values: Float32Array } {
  const matrix = expected.matrices[name];
  if (!matrix) throw new Error(`expected.json has no ${name}`);
  return { shape: matrix.shape, values: new Float32Array(matrix.values) };
}

/** All rows in one read. */
export async function allRows(source: RowSource): Promise<Float32Array> {
  const out = new Float32Array(source.rows * source.columns);
  await source.readRange(0, source.rows, out);
  return out;
}
