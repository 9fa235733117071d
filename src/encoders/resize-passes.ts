/**
 * The passes of a resize in WebAssembly (assembly/resize.ts). A picture goes through the module's memory
 * in bands, so that its size does not matter.
 */
import { resizeModule } from "./resize.generated.ts";
import type { PassWeights } from "./resample-weights.ts";

/** A rectangle of RGB bytes inside a larger one. */
export interface Area {
  readonly data: Uint8Array | Uint8ClampedArray;
  /** Byte of its first pixel. */
  readonly offset: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  readonly rows: number;
  /** Pixels of a row. */
  readonly columns: number;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  horizontal(
    ...args: [
      source: number,
      stride: number,
      rows: number,
      starts: number,
      counts: number,
      weights: number,
      taps: number,
      width: number,
      target: number,
    ]
  ): void;
  vertical(
    ...args: [
      source: number,
      length: number,
      rows: number,
      starts: number,
      counts: number,
      weights: number,
      taps: number,
      target: number,
    ]
  ): void;
}

/** Source bytes that are in the module's memory at a time, at least one row's. */
const bandBytes = 2 ** 21;
/** The kernels read 16 bytes at a time, also at the end of a row. */
const lane = 16;
const page = 65536;

let loaded: Exports | undefined;

function kernel(): Exports {
  loaded ??= new WebAssembly.Instance(
    new WebAssembly.Module(Uint8Array.from(atob(resizeModule), (character) => character.charCodeAt(0))),
  ).exports as unknown as Exports;
  return loaded;
}

/** Every row of `area` to `weights.start.length` pixels; starts count from the area's first column. */
export function horizontalPass(area: Area, weights: PassWeights): Area {
  const width = weights.start.length;
  const passes = kernel();
  const { memory } = passes;
  const rowBytes = area.columns * 3;
  const band = Math.max(1, Math.floor(bandBytes / rowBytes));
  const [tables, source, target] = layOut(memory, [
    tableBytes(weights),
    Math.min(band, area.rows) * rowBytes,
    Math.min(band, area.rows) * width * 3,
  ]);
  const { starts, counts, taps } = writeTables(memory, tables, weights);
  const out = new Uint8Array(area.rows * width * 3);
  for (let y = 0; y < area.rows; y += band) {
    const rows = Math.min(band, area.rows - y);
    copyRows(memory, source, rowBytes, area, y, rows);
    passes.horizontal(source, rowBytes, rows, starts, counts, taps, weights.stride, width, target);
    out.set(new Uint8Array(memory.buffer, target, rows * width * 3), y * width * 3);
  }
  return { data: out, offset: 0, stride: width * 3, rows: area.rows, columns: width };
}

/** The rows of `area` to `weights.start.length` rows; starts count from the area's first row. */
export function verticalPass(area: Area, weights: PassWeights): Area {
  const height = weights.start.length;
  const passes = kernel();
  const { memory } = passes;
  const rowBytes = Math.ceil((area.columns * 3) / lane) * lane;
  const bands = outputBands(weights, Math.floor(bandBytes / rowBytes));
  const most = Math.max(...bands.map(({ rows }) => rows));
  const [tables, source, target] = layOut(memory, [
    tableBytes(weights),
    most * rowBytes,
    Math.max(...bands.map(({ length }) => length)) * rowBytes,
  ]);
  const kept = area.columns * 3;
  const out = new Uint8Array(height * kept);
  for (const { begin, length, from, rows } of bands) {
    const part: PassWeights = {
      start: weights.start.subarray(begin, begin + length).map((start) => start - from),
      count: weights.count.subarray(begin, begin + length),
      weights: weights.weights.subarray(begin * weights.stride, (begin + length) * weights.stride),
      stride: weights.stride,
    };
    const { starts, counts, taps } = writeTables(memory, tables, part);
    copyRows(memory, source, rowBytes, area, from, rows);
    passes.vertical(source, rowBytes, length, starts, counts, taps, weights.stride, target);
    const bytes = new Uint8Array(memory.buffer, target, length * rowBytes);
    for (let y = 0; y < length; y++) {
      out.set(bytes.subarray(y * rowBytes, y * rowBytes + kept), (begin + y) * kept);
    }
  }
  return { data: out, offset: 0, stride: kept, rows: height, columns: area.columns };
}

interface OutputBand {
  /** Output rows. */
  readonly begin: number;
  readonly length: number;
  /** Source rows that they need. */
  readonly from: number;
  readonly rows: number;
}

function outputBands({ start, count }: PassWeights, most: number): OutputBand[] {
  const bands: OutputBand[] = [];
  for (let begin = 0; begin < start.length;) {
    const from = start[begin];
    let end = begin + 1;
    while (end < start.length && start[end] + count[end] - from <= most) end++;
    bands.push({ begin, length: end - begin, from, rows: start[end - 1] + count[end - 1] - from });
    begin = end;
  }
  return bands;
}

/** Addresses of blocks of these sizes behind each other; the memory grows where they need more. */
function layOut(memory: WebAssembly.Memory, sizes: readonly number[]): number[] {
  let end = page;
  const addresses = sizes.map((size) => {
    const address = end;
    end += Math.ceil(size / lane) * lane + lane;
    return address;
  });
  const missing = Math.ceil((end - memory.buffer.byteLength) / page);
  if (missing > 0) memory.grow(missing);
  return addresses;
}

function tableBytes({ start, count, weights }: PassWeights): number {
  return start.byteLength + count.byteLength + weights.byteLength;
}

function writeTables(memory: WebAssembly.Memory, address: number, { start, count, weights }: PassWeights) {
  const counts = address + start.byteLength;
  const taps = counts + count.byteLength;
  new Int32Array(memory.buffer, address, start.length).set(start);
  new Int32Array(memory.buffer, counts, count.length).set(count);
  new Int32Array(memory.buffer, taps, weights.length).set(weights);
  return { starts: address, counts, taps };
}

function copyRows(
  memory: WebAssembly.Memory,
  address: number,
  rowBytes: number,
  area: Area,
  first: number,
  rows: number,
): void {
  const kept = area.columns * 3;
  const begin = area.offset + first * area.stride;
  const bytes = new Uint8Array(memory.buffer, address, rows * rowBytes);
  if (kept === rowBytes && area.stride === kept) {
    bytes.set(area.data.subarray(begin, begin + rows * kept));
    return;
  }
  for (let y = 0; y < rows; y++) {
    const at = begin + y * area.stride;
    bytes.set(area.data.subarray(at, at + kept), y * rowBytes);
  }
}
