/**
 * NumPy's .npz: a zip of .npy files. numpy.savez stores them as they are, so their rows can be
 * read in ranges; those of numpy.savez_compressed are inflated into memory.
 * Zip with its 64-bit extension: PKWARE APPNOTE 6.3.9, sections 4.3 to 4.5.
 */
import type { ByteSource } from "./byte-source.ts";
import { badInput } from "../base/errors.ts";
import { inflateSync, zipSync } from "fflate";
import { bytesInMemory, partOf, readBytes } from "./byte-source.ts";

export interface NpzEntry {
  /** The array's name, without ".npy". */
  readonly name: string;
  readonly compressed: boolean;
  /** Opens the .npy file inside. */
  open(): Promise<ByteSource>;
}

const endRecord = 0x06054b50;
const end64Locator = 0x07064b50;
const end64Record = 0x06064b50;
const centralHeader = 0x02014b50;
const localHeader = 0x04034b50;
const longestComment = 65535;

/** The arrays of an archive, in its order. */
export async function readNpz(source: ByteSource): Promise<NpzEntry[]> {
  const directory = await readDirectory(source);
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const entries: NpzEntry[] = [];
  for (let at = 0; at + 46 <= view.byteLength && view.getUint32(at, true) === centralHeader;) {
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > view.byteLength) throw damaged(source.name);
    const file = new TextDecoder("utf-8").decode(directory.subarray(at + 46, at + 46 + nameLength));
    if (file.endsWith(".npy")) entries.push(entry(source, view, at, file, nameLength, extraLength));
    at = next;
  }
  if (entries.length === 0) {
    throw badInput(`${source.name} holds no .npy file; expected an archive made by numpy.savez.`);
  }
  return entries;
}

function damaged(name: string, cause?: unknown): Error {
  return badInput(
    `${name} is no .npz archive or is truncated: its zip directory cannot be read; copy or write the file again.`,
    cause,
  );
}

async function readDirectory(source: ByteSource): Promise<Uint8Array> {
  const tailLength = Math.min(source.byteLength, 22 + longestComment);
  const tailStart = source.byteLength - tailLength;
  const tail = await readBytes(source, tailStart, tailLength);
  const view = new DataView(tail.buffer);
  let end = tailLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== endRecord) end--;
  if (end < 0) throw damaged(source.name);
  let size = view.getUint32(end + 12, true);
  let offset = view.getUint32(end + 16, true);
  if (end >= 20 && view.getUint32(end - 20, true) === end64Locator) {
    const at = Number(view.getBigUint64(end - 12, true));
    if (at + 56 > source.byteLength) throw damaged(source.name);
    const record = new DataView((await readBytes(source, at, 56)).buffer);
    if (record.getUint32(0, true) !== end64Record) throw damaged(source.name);
    size = Number(record.getBigUint64(40, true));
    offset = Number(record.getBigUint64(48, true));
  }
  if (offset + size > source.byteLength) throw damaged(source.name);
  return readBytes(source, offset, size);
}

function entry(
  source: ByteSource,
  view: DataView,
  at: number,
  file: string,
  nameLength: number,
  extraLength: number,
): NpzEntry {
  const method = view.getUint16(at + 10, true);
  const name = file.slice(0, -".npy".length);
  const label = `${source.name}#${name}`;
  const place = {
    packed: view.getUint32(at + 20, true),
    full: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  readZip64(view, at + 46 + nameLength, extraLength, place);
  if ((view.getUint16(at + 8, true) & 1) !== 0 || (method !== 0 && method !== 8)) {
    throw badInput(
      `${label} is encrypted or packed by method ${method}; expected numpy.savez or numpy.savez_compressed.`,
    );
  }
  return {
    name,
    compressed: method === 8,
    async open() {
      if (place.offset + 30 > source.byteLength) throw damaged(source.name);
      const local = new DataView((await readBytes(source, place.offset, 30)).buffer);
      if (local.getUint32(0, true) !== localHeader) throw damaged(source.name);
      const start = place.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
      if (start + place.packed > source.byteLength) throw damaged(source.name);
      if (method === 0) return partOf(source, label, start, place.packed);
      try {
        const packed = await readBytes(source, start, place.packed);
        return bytesInMemory(label, inflateSync(packed, { out: new Uint8Array(place.full) }));
      } catch (error) {
        throw damaged(label, error);
      }
    },
  };
}

/** Sizes that do not fit 32 bits lie in extra field 1, in this order, each only where needed. */
function readZip64(
  view: DataView,
  start: number,
  length: number,
  place: { packed: number; full: number; offset: number },
): void {
  for (let at = start; at + 4 <= start + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let field = at + 4;
    for (const key of ["full", "packed", "offset"] as const) {
      if (place[key] !== 0xffffffff || field + 8 > start + length) continue;
      place[key] = Number(view.getBigUint64(field, true));
      field += 8;
    }
  }
}

/** An archive of stored .npy files, as numpy.savez writes it. */
export function writeNpz(arrays: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const files = Object.fromEntries(Object.entries(arrays).map(([name, npy]) => [`${name}.npy`, npy]));
  // The format has no earlier time; a fixed one gives the same bytes for the same arrays.
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) });
}
