/**
 * Writes a .npy file block by block, so that the matrix never has to be in memory; the header is
 * completed when the number of rows is known.
 */
import { open } from "node:fs/promises";
import { narrowToHalves } from "../../../formats/float16.ts";
import { npyHeader, npyHeaderLength } from "../../../formats/npy.ts";

export interface NpyWriter {
  /** Appends `rows` rows from the start of `block`. */
  append(block: Float32Array, rows: number): Promise<void>;
  /** Completes and flushes the file; returns the number of rows written. */
  finish(): Promise<number>;
  /** Closes without completing. */
  discard(): Promise<void>;
}

export async function createNpyWriter(
  path: string,
  type: "float16" | "float32",
  columns: number,
): Promise<NpyWriter> {
  const handle = await open(path, "wx");
  let position = npyHeaderLength;
  let rows = 0;
  let halves = new Uint16Array(0);
  return {
    async append(block, added) {
      const count = added * columns;
      let bytes: Uint8Array;
      if (type === "float16") {
        if (halves.length < count) halves = new Uint16Array(count);
        narrowToHalves(block, halves, 0, count);
        bytes = new Uint8Array(halves.buffer, 0, count * 2);
      } else {
        bytes = new Uint8Array(block.buffer, block.byteOffset, count * 4);
      }
      for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
      position += bytes.length;
      rows += added;
    },
    async finish() {
      const header = npyHeader(type, [rows, columns]);
      await handle.write(header, 0, header.length, 0);
      await handle.sync();
      await handle.close();
      return rows;
    },
    async discard() {
      await handle.close();
    },
  };
}
