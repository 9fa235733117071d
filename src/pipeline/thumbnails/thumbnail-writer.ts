/**
 * Writes the thumbnails of an embedding set picture by picture, in the order of the image rows.
 * What `flush` has put on the disk survives a kill: opened again with the number of rows that the
 * caller is sure of, the writer cuts off what lies behind them and goes on.
 */
import { open, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { badInput } from "../../base/errors.ts";
import { writeParquet } from "../../formats/parquet.ts";
import { writeFileAtomic } from "../../platform/node/files/write-file.ts";
import { thumbnailLayout } from "../../protocol/study-layout.ts";

/** What is packed for a row; a size that is null is stood for by the other. */
export interface PackedThumbnails {
  /** Pixels of the picture itself. */
  readonly width: number;
  readonly height: number;
  readonly small: Uint8Array | null;
  readonly large: Uint8Array | null;
}

/** What the journal holds for a row: width, height, bytes small, bytes large; zeros without a picture. */
const numbersPerRow = 4;
const rowBytes = 4 * numbersPerRow;
/** Bytes of each file that are gathered before they are written. */
const gathered = 1 << 20;

export class ThumbnailWriter {
  readonly #folder: string;
  readonly #small: AppendedFile;
  readonly #large: AppendedFile;
  readonly #journal: AppendedFile;

  private constructor(folder: string, small: AppendedFile, large: AppendedFile, journal: AppendedFile) {
    this.#folder = folder;
    this.#small = small;
    this.#large = large;
    this.#journal = journal;
  }

  /**
   * Begins in an existing folder; with `rows` above 0 (default 0), goes on behind that many rows
   * that were flushed there before. Fails when they are not there.
   */
  static async open(folder: string, { rows = 0 }: { readonly rows?: number } = {}): Promise<ThumbnailWriter> {
    const at = (name: string): string => join(folder, name);
    const { journal: name, small: smallName, large: largeName } = thumbnailLayout;
    const journal = await AppendedFile.open(at(name), rows * rowBytes);
    const entries = await journal.numbers();
    let smallBytes = 0;
    let largeBytes = 0;
    for (let i = 0; i < entries.length; i += numbersPerRow) {
      smallBytes += entries[i + 2]!;
      largeBytes += entries[i + 3]!;
    }
    const small = await AppendedFile.open(at(smallName), smallBytes);
    const large = await AppendedFile.open(at(largeName), largeBytes);
    return new ThumbnailWriter(folder, small, large, journal);
  }

  /** Rows written so far. */
  get rows(): number {
    return this.#journal.length / rowBytes;
  }

  /** The next image row's; null where it has no picture. */
  async append(thumbnails: PackedThumbnails | null): Promise<void> {
    if (thumbnails !== null) {
      if (thumbnails.small !== null) await this.#small.append(thumbnails.small);
      if (thumbnails.large !== null) await this.#large.append(thumbnails.large);
    }
    const entry = Uint32Array.of(
      thumbnails?.width ?? 0,
      thumbnails?.height ?? 0,
      thumbnails?.small?.byteLength ?? 0,
      thumbnails?.large?.byteLength ?? 0,
    );
    await this.#journal.append(new Uint8Array(entry.buffer));
  }

  /** Puts everything on the disk. */
  async flush(): Promise<void> {
    await this.#small.flush();
    await this.#large.flush();
    await this.#journal.flush();
  }

  /** Writes the table that makes the packs readable, and closes. */
  async finish(): Promise<void> {
    await this.flush();
    const table = thumbnailTable(await this.#journal.numbers());
    await this.close();
    await writeFileAtomic(join(this.#folder, thumbnailLayout.table), table);
    await rm(join(this.#folder, thumbnailLayout.journal));
  }

  /** Closes without finishing; what was flushed can be gone on from. */
  async close(): Promise<void> {
    await Promise.all([this.#small.close(), this.#large.close(), this.#journal.close()]);
  }
}

function thumbnailTable(entries: Uint32Array): Uint8Array {
  const rows = entries.length / numbersPerRow;
  const row = Int32Array.from({ length: rows }, (_, i) => i);
  const number = (offset: number): (number | null)[] =>
    Array.from(row, (i) => entries[numbersPerRow * i + offset]! || null);
  const start = (bytes: readonly (number | null)[]): (bigint | null)[] => {
    let next = 0;
    return bytes.map((length) => {
      if (length === null) return null;
      const begin = BigInt(next);
      next += length;
      return begin;
    });
  };
  const smallBytes = number(2);
  const largeBytes = number(3);
  return writeParquet([
    { name: "row", type: "INT32", data: row, nullable: false },
    { name: "width", type: "INT32", data: number(0) },
    { name: "height", type: "INT32", data: number(1) },
    { name: "smallStart", type: "INT64", data: start(smallBytes), encoding: "DELTA_BINARY_PACKED" },
    { name: "smallBytes", type: "INT32", data: smallBytes },
    { name: "largeStart", type: "INT64", data: start(largeBytes), encoding: "DELTA_BINARY_PACKED" },
    { name: "largeBytes", type: "INT32", data: largeBytes },
  ]);
}

/** A file that only grows, written in large pieces. */
class AppendedFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #written: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  private constructor(path: string, handle: FileHandle, length: number) {
    this.#path = path;
    this.#handle = handle;
    this.#written = length;
  }

  /** Keeps the first `length` bytes of what is there. */
  static async open(path: string, length: number): Promise<AppendedFile> {
    const handle = await open(path, length > 0 ? "r+" : "w+").catch((cause: unknown) => {
      throw badInput(`${path} cannot be opened (${(cause as Error).message}); begin again`, cause);
    });
    const { size } = await handle.stat();
    if (size < length) {
      await handle.close();
      throw badInput(`${path} has ${size} bytes, fewer than the ${length} that were written; begin again`);
    }
    await handle.truncate(length);
    return new AppendedFile(path, handle, length);
  }

  get length(): number {
    return this.#written + this.#waitingBytes;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.byteLength;
    if (this.#waitingBytes >= gathered) await this.#write();
  }

  async flush(): Promise<void> {
    await this.#write();
    await this.#handle.sync();
  }

  /** All that was written, as little-endian 32-bit numbers. */
  async numbers(): Promise<Uint32Array> {
    await this.#write();
    const bytes = new Uint8Array(this.#written);
    for (let done = 0; done < bytes.byteLength;) {
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.byteLength - done, done);
      if (bytesRead === 0) throw badInput(`${this.#path} became shorter while it was read; begin again`);
      done += bytesRead;
    }
    return new Uint32Array(bytes.buffer);
  }

  async #write(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (let done = 0; done < bytes.byteLength;) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.byteLength - done, this.#written);
      done += bytesWritten;
      this.#written += bytesWritten;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
