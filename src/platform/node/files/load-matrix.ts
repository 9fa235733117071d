/** Puts a stored matrix into memory as it is stored, so that float16 takes half the room. */
import { readBytes, bytesInMemory } from "../../../formats/byte-source.ts";
import { bytesOf } from "../../../formats/number-type.ts";
import type { StoredMatrix } from "../../../formats/matrix.ts";

export async function loadMatrix(matrix: StoredMatrix): Promise<StoredMatrix> {
  const bytes = await readBytes(matrix.source, matrix.offset, matrixBytes(matrix));
  return { ...matrix, source: bytesInMemory(matrix.source.name, bytes), offset: 0 };
}

/** Bytes that the numbers of a matrix take where they are stored. */
export function matrixBytes(matrix: StoredMatrix): number {
  return matrix.rows * matrix.columns * bytesOf[matrix.type];
}
