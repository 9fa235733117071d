/** A DataSource over files in memory that counts what is asked of it. */
import { parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import type { DataSource } from "../data/data-source.ts";

export interface MemorySource extends DataSource {
  /** Paths asked for bytes or tails, in order. */
  readonly asked: string[];
}

export function memorySource(files: Record<string, Uint8Array | object>): MemorySource {
  const asked: string[] = [];
  const file = (path: string): Uint8Array => {
    const content = files[path];
    if (!(content instanceof Uint8Array)) throw new Error(`${path} is not there`);
    asked.push(path);
    return content;
  };
  return {
    asked,
    json: async (path) => {
      if (files[path] === undefined) throw new Error(`${path} is not there`);
      return files[path];
    },
    tail: async (path, length) => {
      const bytes = file(path);
      return { size: bytes.length, bytes: copied(bytes, Math.max(0, bytes.length - length), bytes.length) };
    },
    bytes: async (path, start, end) => copied(file(path), start, end),
    whole: async (path, size, heard) => {
      heard(size);
      return new Uint8Array(copied(file(path), 0, size));
    },
    openPictures: async () => {},
    picture: (row, version) => ({
      key: `${row}?${version}`,
      address: (size) => `picture/${size}/${row}?${version}`,
      whyNot: async () => null,
    }),
  };
}

function copied(bytes: Uint8Array, start: number, end: number): ArrayBuffer {
  return new Uint8Array(bytes.subarray(start, end)).buffer;
}

export function parquet(columnData: ColumnSource[], rowGroupSize?: number): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({ columnData, ...(rowGroupSize === undefined ? {} : { rowGroupSize }) }),
  );
}
