/**
 * A matrix as a format stores it, n x d numbers somewhere in a byte source, and its rows as
 * float32. Nothing is held but the block in hand, so a matrix may be larger than memory.
 */
import type { RowSource } from "../base/rows.ts";
import type { ByteSource } from "./byte-source.ts";
import { badInput } from "../base/errors.ts";
import { count, endsEarly } from "./byte-source.ts";
import { bytesOf, hostIsLittleEndian, swapBytes, widen, type NumberType } from "./number-type.ts";

export interface StoredMatrix {
  /** What messages call it: "images.npz#image_features". */
  readonly name: string;
  readonly source: ByteSource;
  readonly type: NumberType;
  readonly rows: number;
  readonly columns: number;
  /** Which index runs fastest: columns (C order, row by row) or rows (Fortran order). */
  readonly order: "row-major" | "column-major";
  readonly littleEndian: boolean;
  /** Where the first number lies, in bytes from the start of the source. */
  readonly offset: number;
}

/** Checks that the source holds all that the header promises. */
export function checkExtent(matrix: StoredMatrix): StoredMatrix {
  const { name, source, type, rows, columns, offset } = matrix;
  if (!Number.isSafeInteger(rows) || !Number.isSafeInteger(columns) || rows < 0 || columns < 0) {
    throw badInput(`${name} has shape (${rows}, ${columns}); expected whole numbers.`);
  }
  const end = offset + rows * columns * bytesOf[type];
  if (!Number.isSafeInteger(end) || end > source.byteLength) {
    throw endsEarly(`${name} (${count(rows)} x ${count(columns)} ${type})`, end, source.byteLength);
  }
  return matrix;
}

/** The rows of a stored matrix, read when asked for. */
export function rowsOf(matrix: StoredMatrix): RowSource {
  const { name, rows, columns, order } = matrix;
  const read = order === "row-major" ? readRowMajor : readColumnMajor;
  return {
    rows,
    columns,
    async readRange(start, length, out, offset = 0) {
      checkRange(name, rows, start, length);
      await read(matrix, start, length, out, offset);
    },
    async gather(indices, out, offset = 0) {
      for (let i = 0; i < indices.length;) {
        let run = 1;
        while (i + run < indices.length && indices[i + run] === indices[i] + run) run++;
        checkRange(name, rows, indices[i], run);
        await read(matrix, indices[i], run, out, offset + i * columns);
        i += run;
      }
    },
  };
}

export function checkRange(name: string, rows: number, start: number, length: number): void {
  if (start < 0 || length < 0 || start + length > rows) {
    throw new RangeError(`${name}: rows ${start} to ${start + length - 1} asked for, it has ${rows}`);
  }
}

async function readRowMajor(
  matrix: StoredMatrix,
  start: number,
  length: number,
  out: Float32Array,
  offset: number,
): Promise<void> {
  const { source, type, columns } = matrix;
  const total = length * columns;
  const size = bytesOf[type];
  const at = matrix.offset + start * columns * size;
  if (type === "float32") {
    const bytes = new Uint8Array(out.buffer, out.byteOffset + offset * 4, total * 4);
    await source.read(at, bytes);
    if (matrix.littleEndian !== hostIsLittleEndian) swapBytes(bytes, 4);
    return;
  }
  const bytes = new Uint8Array(total * size);
  await source.read(at, bytes);
  if (matrix.littleEndian !== hostIsLittleEndian) swapBytes(bytes, size);
  widen(type, bytes, out, offset, total);
}

async function readColumnMajor(
  matrix: StoredMatrix,
  start: number,
  length: number,
  out: Float32Array,
  offset: number,
): Promise<void> {
  const { source, type, rows, columns } = matrix;
  const size = bytesOf[type];
  const bytes = new Uint8Array(length * size);
  const column = new Float32Array(length);
  for (let j = 0; j < columns; j++) {
    await source.read(matrix.offset + (j * rows + start) * size, bytes);
    if (matrix.littleEndian !== hostIsLittleEndian) swapBytes(bytes, size);
    widen(type, bytes, column, 0, length);
    for (let i = 0; i < length; i++) out[offset + i * columns + j] = column[i];
  }
}
