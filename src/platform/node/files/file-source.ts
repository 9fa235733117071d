/**
 * A file as a byte source. Small reads are synchronous: a system call on a cached page takes
 * about two microseconds, a trip through the thread pool about thirty, and gathering rows for a
 * batch makes a thousand of them.
 */
import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import { badInput } from "../../../base/errors.ts";
import { endsEarly, type ByteSource } from "../../../formats/byte-source.ts";

export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

const smallRead = 1 << 16;
/** One read call moves less than 2 GiB on every platform. */
const largestRead = 1 << 30;

/** Opens a file for reading; `name` is what messages call it. */
export async function openFile(path: string, name: string = path): Promise<FileSource> {
  const handle = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(name, error);
  });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw badInput(`${name} is ${stat.isDirectory() ? "a folder" : "no regular file"}; expected a file.`);
  }
  const byteLength = stat.size;
  return {
    name,
    byteLength,
    async read(start, into) {
      const length = into.byteLength;
      if (start + length > byteLength) throw endsEarly(name, start + length, byteLength);
      for (let done = 0; done < length;) {
        const part = Math.min(length - done, largestRead);
        const got =
          part <= smallRead
            ? readSync(handle.fd, into, done, part, start + done)
            : (await handle.read(into, done, part, start + done)).bytesRead;
        if (got === 0) throw endsEarly(name, start + length, start + done);
        done += got;
      }
    },
    close: () => handle.close(),
  };
}

/** The error for a file that the system does not let us read. */
export function cannotRead(name: string, error: NodeJS.ErrnoException): Error {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") {
    return badInput(`${name} does not exist; check the path.`, error);
  }
  if (error.code === "EACCES" || error.code === "EPERM") {
    return badInput(`${name} may not be read (${error.code}); check its permissions.`, error);
  }
  return badInput(`${name} cannot be read: ${error.message}; check the disk.`, error);
}
