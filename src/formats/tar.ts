/**
 * Where each file of a tar archive lies, read from its headers alone: bodies are skipped, so that an
 * archive of any size is listed with little reading and a file in it can be read later by its place.
 * ustar, with the long names and sizes of PAX (`x`) and GNU (`L`, base-256 numbers).
 */
import { badInput } from "../base/errors.ts";
import { count, readBytes, type ByteSource } from "./byte-source.ts";

export interface TarMember {
  readonly name: string;
  /** First byte of the content in the archive. */
  readonly start: number;
  readonly bytes: number;
}

const block = 512;
/** Read at once: a header and, where they are small, the files behind it. */
const windowBytes = 1 << 14;

export interface TarIndex {
  /** Regular files that are there whole, in the order of the archive. */
  readonly members: readonly TarMember[];
  /** What the archive ends in the middle of: a file's name, or "" for a header; null when it is whole. */
  readonly cutOff: string | null;
  /** Links and what else holds no content of its own, folders aside. */
  readonly links: number;
}

/** Kinds of member whose content is a file's. */
const regular = ["0", "\0", "7"];
const folder = "5";

export async function readTarIndex(source: ByteSource): Promise<TarIndex> {
  const { name: archive, byteLength } = source;
  const at = windowed(source);
  const members: TarMember[] = [];
  let links = 0;
  let longName: string | undefined;
  let pax = new Map<string, string>();
  for (let position = 0; position < byteLength;) {
    if (position + block > byteLength) return { members, cutOff: "", links };
    const header = await at(position, block);
    if (header.every((byte) => byte === 0)) break;
    checkSum(archive, header, position);
    const kind = String.fromCharCode(header[156]);
    const bytes = Number(pax.get("size") ?? number(header.subarray(124, 136)));
    const start = position + block;
    if (!(bytes >= 0)) throw damaged(archive, position);
    const name = longName ?? pax.get("path") ?? nameOf(header);
    if (start + bytes > byteLength) return { members, cutOff: regular.includes(kind) ? name : "", links };
    position = start + Math.ceil(bytes / block) * block;
    if (kind === "L") longName = text(await readBytes(source, start, bytes));
    else if (kind === "x") pax = paxRecords(await readBytes(source, start, bytes));
    else if (kind !== "g" && kind !== "K") {
      if (regular.includes(kind)) members.push({ name, start, bytes });
      else if (kind !== folder) links++;
      longName = undefined;
      pax = new Map();
    }
  }
  return { members, cutOff: null, links };
}

/** Small reads out of one that is larger; a file near its predecessor costs none of its own. */
function windowed(source: ByteSource): (start: number, length: number) => Promise<Uint8Array> {
  let from = 0;
  let held = new Uint8Array(0);
  return async (start, length) => {
    if (start < from || start + length > from + held.length) {
      held = await readBytes(source, start, Math.min(windowBytes, source.byteLength - start));
      from = start;
    }
    return held.subarray(start - from, start - from + length);
  };
}

function nameOf(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  const isUstar = text(header.subarray(257, 262)) === "ustar";
  // GNU tar has other fields where POSIX has the prefix.
  const prefix = isUstar && header[263] === 0x30 ? text(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Octal digits, or big-endian bytes behind a set first bit. */
function number(field: Uint8Array): number {
  if ((field[0] & 0x80) !== 0) {
    return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, field[0] & 0x7f);
  }
  const digits = text(field).trim();
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

const decoder = new TextDecoder("utf-8");

/** Up to the first zero byte. */
function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

/** "<bytes of the record> <key>=<value>\n", one after the other. */
function paxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let start = 0; start < bytes.length;) {
    const space = bytes.indexOf(0x20, start);
    const length = Number(decoder.decode(bytes.subarray(start, space)));
    if (space < 0 || !(length > 0)) break;
    const record = decoder.decode(bytes.subarray(space + 1, start + length - 1));
    const equals = record.indexOf("=");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    start += length;
  }
  return records;
}

/** The sum of the header's bytes with its own field as blanks; some old writers add signed bytes. */
function checkSum(name: string, header: Uint8Array, position: number): void {
  const stated = number(header.subarray(148, 156));
  let unsigned = 0;
  let signed = 0;
  header.forEach((byte, at) => {
    const value = at >= 148 && at < 156 ? 0x20 : byte;
    unsigned += value;
    signed += value > 127 ? value - 256 : value;
  });
  if (stated === unsigned || stated === signed) return;
  throw position === 0
    ? badInput(`${name} is no tar archive; expected an uncompressed .tar`)
    : damaged(name, position);
}

function damaged(name: string, position: number): Error {
  return badInput(`${name} is damaged: no header at byte ${count(position)}; copy it again`);
}
