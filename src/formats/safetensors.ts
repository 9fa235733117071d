/**
 * safetensors: header length (u64, little-endian), a JSON header
 * { name: { dtype, shape, data_offsets: [begin, end] }, "__metadata__": { … } }, then the bytes.
 * https://huggingface.co/docs/safetensors
 */
import type { ByteSource } from "./byte-source.ts";
import type { NumberType } from "./number-type.ts";
import { badInput } from "../base/errors.ts";
import { count, endsEarly, readBytes } from "./byte-source.ts";
import { narrowToBfloats, narrowToHalves } from "./float16.ts";
import { checkExtent, type StoredMatrix } from "./matrix.ts";
import { widen } from "./number-type.ts";

export type TensorDtype =
  | "BOOL"
  | "U8"
  | "I8"
  | "U16"
  | "I16"
  | "F16"
  | "BF16"
  | "U32"
  | "I32"
  | "F32"
  | "U64"
  | "I64"
  | "F64";

const sizes: Readonly<Record<TensorDtype, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

/** Half and bfloat16 tensors are given by their bits. */
export type TensorData =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

export interface TensorEntry {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  /** Where its bytes lie, from the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The limit of the reference implementation. */
const longestHeader = 100_000_000;

/** Reads and checks the header and nothing else. */
export async function readSafetensorsHeader(source: ByteSource): Promise<SafetensorsHeader> {
  const { name, byteLength } = source;
  if (byteLength < 10) throw badInput(`${name} has ${byteLength} bytes; expected a safetensors file.`);
  const length = Number(new DataView((await readBytes(source, 0, 8)).buffer).getBigUint64(0, true));
  if (length > longestHeader || 8 + length > byteLength) {
    throw badInput(
      `${name} is no safetensors file or is truncated: its header would be ${count(length)} bytes long, the file has ${count(byteLength)}; copy or write the file again.`,
    );
  }
  const text = new TextDecoder("utf-8").decode(await readBytes(source, 8, length));
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw badInput(
      `${name} is no safetensors file: its header is no JSON; copy or write the file again.`,
      error,
    );
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw badInput(`${name} is no safetensors file: its header is no JSON object; write the file again.`);
  }
  const tensors = new Map<string, TensorEntry>();
  let metadata: Record<string, string> = {};
  for (const [key, value] of Object.entries(header)) {
    if (key === "__metadata__") metadata = value as Record<string, string>;
    else tensors.set(key, checkEntry(name, key, value, 8 + length, byteLength));
  }
  return { tensors, metadata };
}

function checkEntry(
  file: string,
  name: string,
  value: unknown,
  dataStart: number,
  byteLength: number,
): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const whole = (part: unknown): part is number => Number.isSafeInteger(part) && (part as number) >= 0;
  const size = sizes[dtype as TensorDtype];
  if (size === undefined) {
    throw badInput(
      `${file}#${name} has the type ${JSON.stringify(dtype)}; expected one of ${Object.keys(sizes).join(", ")}.`,
    );
  }
  if (!Array.isArray(shape) || !shape.every(whole) || !Array.isArray(offsets) || !offsets.every(whole)) {
    throw badInput(
      `${file}#${name} has no valid shape and data_offsets in the header; write the file again.`,
    );
  }
  const [begin, end] = offsets as [number, number];
  const expected = shape.reduce((product, part) => product * part, size);
  if (offsets.length !== 2 || end - begin !== expected) {
    throw badInput(
      `${file}#${name} claims ${count(end - begin)} bytes; its shape (${shape.join(", ")}) of ${String(dtype)} needs ${count(expected)}; write the file again.`,
    );
  }
  if (dataStart + end > byteLength) throw endsEarly(`${file} (tensor ${name})`, dataStart + end, byteLength);
  return {
    name,
    dtype: dtype as TensorDtype,
    shape: shape,
    offset: dataStart + begin,
    byteLength: expected,
  };
}

/** Reads one tensor's data. */
export async function readTensor(
  source: ByteSource,
  header: SafetensorsHeader,
  name: string,
): Promise<TensorEntry & { readonly data: TensorData }> {
  const entry = header.tensors.get(name);
  if (!entry) {
    throw badInput(
      `${source.name} has no tensor "${name}"; it has ${[...header.tensors.keys()].join(", ")}.`,
    );
  }
  const { buffer } = await readBytes(source, entry.offset, entry.byteLength);
  return { ...entry, data: view(entry.dtype, buffer) };
}

function view(dtype: TensorDtype, buffer: ArrayBuffer): TensorData {
  switch (dtype) {
    case "BOOL":
    case "U8":
      return new Uint8Array(buffer);
    case "I8":
      return new Int8Array(buffer);
    case "U16":
    case "F16":
    case "BF16":
      return new Uint16Array(buffer);
    case "I16":
      return new Int16Array(buffer);
    case "U32":
      return new Uint32Array(buffer);
    case "I32":
      return new Int32Array(buffer);
    case "F32":
      return new Float32Array(buffer);
    case "U64":
      return new BigUint64Array(buffer);
    case "I64":
      return new BigInt64Array(buffer);
    case "F64":
      return new Float64Array(buffer);
  }
}

const numberTypes: Partial<Record<TensorDtype, NumberType>> = {
  F16: "float16",
  BF16: "bfloat16",
  F32: "float32",
  F64: "float64",
};

/** Reads one tensor of floating-point numbers as float32. */
export async function readFloats(
  source: ByteSource,
  header: SafetensorsHeader,
  name: string,
): Promise<{ readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> }> {
  const { dtype, shape, data, byteLength } = await readTensor(source, header, name);
  const type = numberTypes[dtype];
  if (!type) throw badInput(`${source.name}#${name} is ${dtype}; expected F16, BF16, F32 or F64.`);
  if (data instanceof Float32Array) return { shape, data };
  const out = new Float32Array(byteLength / sizes[dtype]);
  widen(type, new Uint8Array(data.buffer), out, 0, out.length);
  return { shape, data: out };
}

/** Reads every tensor of a file of floating-point numbers as float32. */
export async function readAllFloats(
  source: ByteSource,
): Promise<Map<string, Awaited<ReturnType<typeof readFloats>>>> {
  const header = await readSafetensorsHeader(source);
  const tensors = new Map<string, Awaited<ReturnType<typeof readFloats>>>();
  for (const name of header.tensors.keys()) tensors.set(name, await readFloats(source, header, name));
  return tensors;
}

/** Names of the tensors that can be embeddings: two dimensions of floating-point numbers. */
export function matrixTensors(header: SafetensorsHeader): TensorEntry[] {
  return [...header.tensors.values()].filter(({ dtype, shape }) => numberTypes[dtype] && shape.length === 2);
}

/** The matrix in one tensor; its data are not read. */
export function safetensorsMatrix(source: ByteSource, entry: TensorEntry): StoredMatrix {
  const type = numberTypes[entry.dtype];
  const name = `${source.name}#${entry.name}`;
  if (!type || entry.shape.length !== 2) {
    throw badInput(
      `${name} is ${entry.dtype} of shape (${entry.shape.join(", ")}); expected a matrix of F16, BF16, F32 or F64.`,
    );
  }
  return checkExtent({
    name,
    source,
    type,
    rows: entry.shape[0],
    columns: entry.shape[1],
    order: "row-major",
    littleEndian: true,
    offset: entry.offset,
  });
}

export interface TensorToWrite {
  readonly shape: readonly number[];
  readonly data: TensorData | Float32Array | Uint32Array;
  /** Stores a Float32Array in half the room. Default: the array's own type. */
  readonly as?: "F16" | "BF16";
}

/** A whole safetensors file; larger element types come first, so that all data are aligned. */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorToWrite>> | ReadonlyMap<string, TensorToWrite>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const entries = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  const prepared = entries
    .map(([name, tensor]) => ({ name, shape: tensor.shape, ...stored(name, tensor) }))
    .sort((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  let position = 0;
  for (const { name, dtype, shape, data } of prepared) {
    header[name] = { dtype, shape, data_offsets: [position, position + data.byteLength] };
    position += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + position);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const { data } of prepared) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function stored(
  name: string,
  { shape, data, as }: TensorToWrite,
): { dtype: TensorDtype; data: TensorToWrite["data"] } {
  const length = shape.reduce((product, part) => product * part, 1);
  if (length !== data.length) {
    throw new RangeError(
      `tensor ${name}: shape (${shape.join(", ")}) needs ${length} numbers, it has ${data.length}`,
    );
  }
  if (as && data instanceof Float32Array) {
    const bits = new Uint16Array(data.length);
    (as === "F16" ? narrowToHalves : narrowToBfloats)(data, bits);
    return { dtype: as, data: bits };
  }
  return { dtype: dtypeOf(data), data };
}

function dtypeOf(data: TensorToWrite["data"]): TensorDtype {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  if (data instanceof Uint8Array) return "U8";
  if (data instanceof Int8Array) return "I8";
  if (data instanceof Uint16Array) return "U16";
  if (data instanceof Int16Array) return "I16";
  if (data instanceof Uint32Array) return "U32";
  if (data instanceof Int32Array) return "I32";
  return data instanceof BigInt64Array ? "I64" : "U64";
}
