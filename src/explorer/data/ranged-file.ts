/** A file of the DataSource as the readers of formats take one: bytes by range, the beginning read once. */
import type { ByteSource } from "../../formats/byte-source.ts";
import type { DataSource } from "./data-source.ts";

/** Long enough for the headers of all files that are read here. */
const headLength = 4096;

export async function rangedFile(
  source: Pick<DataSource, "tail" | "bytes">,
  path: string,
): Promise<ByteSource> {
  // Whoever answers says a file's size with its end.
  const { size } = await source.tail(path, 8);
  const head = new Uint8Array(await source.bytes(path, 0, Math.min(size, headLength)));
  return {
    name: path,
    byteLength: size,
    async read(start, into) {
      const end = start + into.byteLength;
      if (into.byteLength === 0) return;
      into.set(
        end <= head.byteLength
          ? head.subarray(start, end)
          : new Uint8Array(await source.bytes(path, start, end)),
      );
    },
  };
}
