/** Single rows of a matrix in a file, as float32: embeddings of the set, atoms of a dictionary. */
import { badInput } from "../../base/errors.ts";
import { rowsOf, type StoredMatrix } from "../../formats/matrix.ts";
import { npyMatrix } from "../../formats/npy.ts";
import { readSafetensorsHeader, safetensorsMatrix } from "../../formats/safetensors.ts";
import type { DataSource } from "./data-source.ts";
import { once } from "./once.ts";
import { rangedFile } from "./ranged-file.ts";

export class MatrixRows {
  readonly #matrix: () => Promise<StoredMatrix>;
  readonly #kept = new Map<number, Promise<Float32Array>>();

  private constructor(open: () => Promise<StoredMatrix>) {
    this.#matrix = once(open);
  }

  static npy(source: DataSource, path: string): MatrixRows {
    return new MatrixRows(async () => npyMatrix(await rangedFile(source, path)));
  }

  static safetensors(source: DataSource, path: string, tensor: string): MatrixRows {
    return new MatrixRows(async () => {
      const file = await rangedFile(source, path);
      const entry = (await readSafetensorsHeader(file)).tensors.get(tensor);
      if (entry === undefined) throw badInput(`${path} has no tensor ${tensor}`);
      return safetensorsMatrix(file, entry);
    });
  }

  /** In the order asked for, in as many requests at once as there are runs of rows that are not there yet. */
  async read(rows: ArrayLike<number>): Promise<Float32Array[]> {
    const matrix = await this.#matrix();
    const missing = [...new Set(Array.from(rows))].filter((row) => !this.#kept.has(row));
    for (const [first, last] of runs(missing.toSorted((a, b) => a - b))) this.#request(matrix, first, last);
    return Promise.all(Array.from(rows, (row) => this.#kept.get(row)!));
  }

  #request(matrix: StoredMatrix, first: number, last: number): void {
    const { columns } = matrix;
    const length = last - first + 1;
    const block = new Float32Array(length * columns);
    const read = rowsOf(matrix).readRange(first, length, block);
    for (let i = 0; i < length; i++) {
      const row = read.then(() => block.subarray(i * columns, (i + 1) * columns));
      row.catch(() => this.#kept.delete(first + i));
      this.#kept.set(first + i, row);
    }
  }
}

function runs(ascending: readonly number[]): [first: number, last: number][] {
  const found: [number, number][] = [];
  for (const row of ascending) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === row - 1) last[1] = row;
    else found.push([row, row]);
  }
  return found;
}
