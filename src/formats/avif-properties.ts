/** What an AVIF file says about the coding of its picture (ISO/IEC 23008-12, AV1 Image File Format). */

export interface AvifProperties {
  /** Colour at half the width and half the height, 8 bits: by far the most files. */
  readonly halvedColour: boolean;
  /** Matrix coefficients of ISO/IEC 23091-2; 2 (unspecified) where the file names none. */
  readonly matrix: number;
  /** The picture is to be turned or mirrored after decoding. */
  readonly turned: boolean;
}

interface Box {
  readonly type: string;
  readonly data: DataView;
}

/** null for anything but an AVIF whose picture is coded in one piece. */
export function avifProperties(bytes: Uint8Array): AvifProperties | null {
  try {
    return read(bytes);
  } catch (error) {
    // Sizes that lead out of the file: whoever decodes it says so better.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function read(bytes: Uint8Array): AvifProperties | null {
  const file = boxes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const brand = file.find(({ type }) => type === "ftyp");
  const meta = file.find(({ type }) => type === "meta");
  if (!brand || !meta || !["avif", "avis", "mif1"].includes(name(brand.data, 0))) return null;
  const inside = boxes(part(meta.data, 4));
  const primary = primaryItem(inside);
  const properties = inside.find(({ type }) => type === "iprp");
  if (primary === null || !properties) return null;
  const lists = boxes(properties.data);
  const all = boxes(lists.find(({ type }) => type === "ipco")?.data ?? part(properties.data, 0, 0));
  const associated = lists.find(({ type }) => type === "ipma");
  if (!associated) return null;
  const own = associations(associated.data, primary).flatMap((index) => all[index - 1] ?? []);
  const coding = own.find(({ type }) => type === "av1C");
  if (!coding) return null;
  // high_bitdepth, twelve_bit, monochrome, subsampling x and y, sample position.
  const flags = coding.data.getUint8(2);
  const colour = own.find(({ type, data }) => type === "colr" && name(data, 0) === "nclx");
  return {
    halvedColour: (flags & 0b1111100) === 0b0001100,
    matrix: colour ? colour.data.getUint16(8) : 2,
    turned: own.some(({ type }) => type === "irot" || type === "imir"),
  };
}

function primaryItem(inside: readonly Box[]): number | null {
  const box = inside.find(({ type }) => type === "pitm");
  if (!box) return null;
  return box.data.getUint8(0) === 0 ? box.data.getUint16(4) : box.data.getUint32(4);
}

/** Numbers of the properties of one item, from 1. */
function associations(data: DataView, item: number): number[] {
  const version = data.getUint8(0);
  const wide = (data.getUint8(3) & 1) === 1;
  let at = 8;
  for (let left = data.getUint32(4); left > 0; left--) {
    const id = version < 1 ? data.getUint16(at) : data.getUint32(at);
    at += version < 1 ? 2 : 4;
    const found: number[] = [];
    for (let count = data.getUint8(at++); count > 0; count--) {
      found.push(wide ? data.getUint16(at) & 0x7fff : data.getUint8(at) & 0x7f);
      at += wide ? 2 : 1;
    }
    if (id === item) return found;
  }
  return [];
}

function boxes(data: DataView): Box[] {
  const found: Box[] = [];
  for (let at = 0; at + 8 <= data.byteLength;) {
    const stated = data.getUint32(at);
    const header = stated === 1 ? 16 : 8;
    const size =
      stated === 0 ? data.byteLength - at : stated === 1 ? Number(data.getBigUint64(at + 8)) : stated;
    if (size < header) break;
    found.push({ type: name(data, at + 4), data: part(data, at + header, size - header) });
    at += size;
  }
  return found;
}

function part(data: DataView, offset: number, length: number = data.byteLength - offset): DataView {
  return new DataView(data.buffer, data.byteOffset + offset, Math.min(length, data.byteLength - offset));
}

function name(data: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => data.getUint8(at + i)));
}
