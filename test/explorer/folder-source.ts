/** A DataSource of the explorer over folders on disk. */
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DataSource } from "../../src/explorer/data/data-source.ts";

/** Files of folders by range, with the bytes that were read of each. */
export function folderSource(folders: Record<string, string>): DataSource & { read: Map<string, number> } {
  const read = new Map<string, number>();
  const placeOf = (path: string): string => {
    const part = path.split("/")[0];
    return join(folders[part], path.slice(part.length + 1));
  };
  const bytes = async (path: string, start: number, end: number): Promise<ArrayBuffer> => {
    const file = await open(placeOf(path));
    try {
      const into = new Uint8Array(end - start);
      await file.read(into, 0, into.length, start);
      read.set(path, (read.get(path) ?? 0) + into.length);
      return into.buffer;
    } finally {
      await file.close();
    }
  };
  return {
    read,
    bytes,
    json: async (path) => JSON.parse(await readFile(placeOf(path), "utf8")) as unknown,
    async tail(path, length) {
      const { size } = await stat(placeOf(path));
      return { size, bytes: await bytes(path, Math.max(0, size - length), size) };
    },
    whole: () => {
      throw new Error("no file is read whole here");
    },
    openPictures: async () => {},
    picture: () => {
      throw new Error("a picture was asked for");
    },
  };
}
