/**
 * NumPy's .npy, format versions 1 to 3: magic, version, header length (16 bits in version 1,
 * else 32), a Python dict literal { descr, fortran_order, shape } and the data.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import type { ByteSource } from "./byte-source.ts";
import type { NumberType } from "./number-type.ts";
import { badInput } from "../base/errors.ts";
import { count, readBytes } from "./byte-source.ts";
import { checkExtent, type StoredMatrix } from "./matrix.ts";

export interface NpyHeader {
  /** NumPy's type string: "<f4". */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the data starts, in bytes. */
  readonly dataOffset: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** A dict of three entries needs a few hundred bytes; a length above this is a damaged header. */
const longestHeader = 1 << 20;

/** Reads the header and nothing else. */
export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const { name } = source;
  const start = await readBytes(source, 0, Math.min(12, source.byteLength));
  if (start.length < 10 || magic.some((byte, i) => start[i] !== byte)) {
    throw badInput(
      `${name} is no .npy file: it starts with ${hex(start.subarray(0, 6))}, expected 93 4e 55 4d 50 59 ("\\x93NUMPY"); save it with numpy.save.`,
    );
  }
  const version = start[6];
  if (version < 1 || version > 3 || (version > 1 && start.length < 12)) {
    throw badInput(`${name} has .npy format version ${version}.${start[7]}; expected 1, 2 or 3.`);
  }
  const view = new DataView(start.buffer);
  const from = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHeader || from + length > source.byteLength) {
    throw badInput(
      `${name} is damaged: its header claims ${count(length)} bytes, the file has ${count(source.byteLength)}; copy or write the file again.`,
    );
  }
  const bytes = await readBytes(source, from, length);
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(bytes);
  return { ...parseHeader(name, text), dataOffset: from + length };
}

function parseHeader(name: string, text: string): Omit<NpyHeader, "dataOffset"> {
  const descr = /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/.exec(text)?.[1];
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1];
  if (descr === undefined && /['"]descr['"]\s*:\s*\[/.test(text)) {
    throw badInput(
      `${name} holds a structured array; expected a plain matrix of float16, float32 or float64.`,
    );
  }
  if (descr === undefined || order === undefined || shape === undefined) {
    throw badInput(
      `${name} has the header ${JSON.stringify(text.trim().slice(0, 80))}; expected descr, fortran_order and shape; save it again with numpy.save.`,
    );
  }
  return {
    descr,
    fortranOrder: order === "True",
    shape: shape
      .split(",")
      .map((part) => part.replace("L", "").trim())
      .filter((part) => part !== "")
      .map(Number),
  };
}

const types: Readonly<Record<string, NumberType>> = { f2: "float16", f4: "float32", f8: "float64" };

/** The matrix in a .npy source; only the header is read. */
export async function npyMatrix(source: ByteSource): Promise<StoredMatrix> {
  const { name } = source;
  const header = await readNpyHeader(source);
  const type = types[header.descr.slice(1)];
  if (!type || !"<>|=".includes(header.descr[0])) {
    throw badInput(
      `${name} holds ${describeType(header.descr)}; expected float16, float32 or float64; convert it with array.astype("float32").`,
    );
  }
  if (header.shape.length !== 2) {
    throw badInput(
      `${name} has ${header.shape.length} dimensions, shape (${header.shape.join(", ")}); expected 2: one row for each image or text.`,
    );
  }
  return checkExtent({
    name,
    source,
    type,
    rows: header.shape[0],
    columns: header.shape[1],
    order: header.fortranOrder ? "column-major" : "row-major",
    littleEndian: header.descr[0] !== ">",
    offset: header.dataOffset,
  });
}

function describeType(descr: string): string {
  const kinds: Record<string, string> = {
    O: "Python objects",
    U: "text",
    S: "bytes",
    b: "booleans",
    i: "integers",
    u: "integers",
    c: "complex numbers",
  };
  const kind = kinds[descr.replace(/^[<>|=]/, "")[0] ?? ""];
  return kind === undefined ? `numbers of type "${descr}"` : `${kind} ("${descr}")`;
}

/** Length of every header that `npyHeader` writes, so that the number of rows may be set last. */
export const npyHeaderLength = 128;

/** A version 1 header for a row-major little-endian matrix, always 128 bytes. */
export function npyHeader(
  type: "float16" | "float32" | "uint32",
  shape: readonly number[],
): Uint8Array<ArrayBuffer> {
  const descr = { float16: "<f2", float32: "<f4", uint32: "<u4" }[type];
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const bytes = new Uint8Array(npyHeaderLength).fill(0x20);
  bytes.set(magic);
  bytes.set([1, 0, npyHeaderLength - 10, 0], 6);
  bytes.set(new TextEncoder().encode(dict), 10);
  bytes[npyHeaderLength - 1] = 0x0a;
  return bytes;
}

/** A whole .npy file: float32 values, halves given by their bits, or whole numbers. */
export function writeNpy(
  data: Float32Array | Uint16Array | Uint32Array,
  shape: readonly number[],
): Uint8Array<ArrayBuffer> {
  const type = data instanceof Float32Array ? "float32" : data instanceof Uint32Array ? "uint32" : "float16";
  const header = npyHeader(type, shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ") || "nothing (it is empty)";
}
