/**
 * The first frame of a GIF as Pillow gives it: colours of the palette, also under transparent pixels
 * (other decoders leave those black), and what the frame does not cover in the transparent colour or
 * the palette's first.
 */
import { badInput } from "../base/errors.ts";

export interface GifFrame {
  readonly width: number;
  readonly height: number;
  /** height x width x 3. */
  readonly data: Uint8Array;
  /** One byte per pixel, 255 where it is seen; null without transparency. */
  readonly alpha: Uint8Array | null;
}

export function isGif(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 6));
  return start === "GIF87a" || start === "GIF89a";
}

/** Size as the file states it, before anything is decoded. */
export function gifSize(bytes: Uint8Array): { width: number; height: number } {
  const frame = readFirstFrame(bytes);
  return { width: frame.canvasWidth, height: frame.canvasHeight };
}

export function decodeGif(bytes: Uint8Array): GifFrame {
  const frame = readFirstFrame(bytes);
  const { canvasWidth: width, canvasHeight: height, transparent, palette } = frame;
  const indices = new Uint8Array(width * height).fill(transparent ?? 0);
  const decoded = decodeLzw(frame.compressed, frame.codeBits, frame.width * frame.height);
  const order = frame.interlaced ? interlacedRows(frame.height) : null;
  for (let row = 0; row < frame.height; row++) {
    const target = (frame.top + (order ? order[row] : row)) * width + frame.left;
    indices.set(decoded.subarray(row * frame.width, (row + 1) * frame.width), target);
  }
  const data = new Uint8Array(width * height * 3);
  for (const [at, index] of indices.entries()) {
    const colour = index * 3;
    const known = colour + 2 < palette.length;
    for (let c = 0; c < 3; c++) data[at * 3 + c] = known ? palette[colour + c] : index;
  }
  const alpha = transparent === null ? null : indices.map((index) => (index === transparent ? 0 : 255));
  return { width, height, data, alpha };
}

interface FirstFrame {
  readonly canvasWidth: number;
  readonly canvasHeight: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  readonly palette: Uint8Array;
  readonly transparent: number | null;
  readonly codeBits: number;
  readonly compressed: Uint8Array;
}

const truncated = (): Error =>
  badInput("the GIF ends before its first picture does; copy or download the file again");

/** Blocks up to and with the first picture. */
function readFirstFrame(bytes: Uint8Array): FirstFrame {
  let at = 6;
  const byte = (): number => {
    if (at >= bytes.length) throw truncated();
    return bytes[at++];
  };
  const short = (): number => byte() | (byte() << 8);
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw truncated();
    at += length;
    return bytes.subarray(at - length, at);
  };
  const blocks = (): Uint8Array[] => {
    const parts: Uint8Array[] = [];
    for (let length = byte(); length > 0; length = byte()) parts.push(take(length));
    return parts;
  };
  const colours = (flags: number): Uint8Array | null => (flags & 0x80 ? take(3 << ((flags & 7) + 1)) : null);

  const screen = { width: short(), height: short() };
  const flags = byte();
  take(2);
  const global = colours(flags);
  let transparent: number | null = null;
  for (;;) {
    const kind = byte();
    if (kind === 0x21) {
      const label = byte();
      const [control] = blocks();
      if (label === 0xf9 && control && control.length >= 4) {
        transparent = control[0] & 1 ? control[3] : null;
      }
    } else if (kind === 0x2c) {
      const [left, top, width, height] = [short(), short(), short(), short()];
      const own = byte();
      const local = colours(own);
      const codeBits = byte();
      return {
        canvasWidth: Math.max(screen.width, left + width),
        canvasHeight: Math.max(screen.height, top + height),
        left,
        top,
        width,
        height,
        interlaced: (own & 0x40) !== 0,
        // Without a palette an index is a grey value.
        palette: local ?? global ?? new Uint8Array(0),
        transparent,
        codeBits,
        compressed: joined(blocks()),
      };
    } else if (kind === 0x3b) {
      throw badInput("the GIF holds no picture; expected at least one frame");
    }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Rows in the order in which an interlaced picture stores them. */
function interlacedRows(height: number): number[] {
  const rows: number[] = [];
  for (const [first, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ]) {
    for (let row = first; row < height; row += step) rows.push(row);
  }
  return rows;
}

const maxCodes = 4096;

/** `length` indices; throws where the data give fewer or a code that does not exist yet. */
function decodeLzw(bytes: Uint8Array, startBits: number, length: number): Uint8Array {
  const clear = 1 << startBits;
  if (startBits < 1 || startBits > 8)
    throw badInput(`the GIF states ${startBits} bits per code; expected 2 to 8`);
  const prefix = new Int16Array(maxCodes);
  const suffix = new Uint8Array(maxCodes);
  const sizes = new Uint16Array(maxCodes);
  for (let code = 0; code < clear; code++) {
    suffix[code] = code;
    sizes[code] = 1;
  }
  const out = new Uint8Array(length);
  let [written, at, bits, held] = [0, 0, 0, 0];
  let codeBits = startBits + 1;
  let next = clear + 2;
  let previous = -1;
  while (written < length) {
    while (bits < codeBits) {
      if (at >= bytes.length) throw truncated();
      held |= bytes[at++] << bits;
      bits += 8;
    }
    const code = held & ((1 << codeBits) - 1);
    held >>>= codeBits;
    bits -= codeBits;
    if (code === clear) {
      codeBits = startBits + 1;
      next = clear + 2;
      previous = -1;
      continue;
    }
    if (code === clear + 1) throw truncated();
    const repeats = code === next && previous >= 0;
    if (code > next || (code >= clear && previous < 0) || (code === next && !repeats)) {
      throw badInput(
        `the GIF's data hold the code ${code} where at most ${next} is known; the file is damaged`,
      );
    }
    // The string of `code`, or of the previous code with its own first index after it.
    const source = repeats ? previous : code;
    const size = sizes[source];
    let walk = source;
    for (let i = size - 1; i >= 0; i--) {
      if (written + i < length) out[written + i] = suffix[walk];
      if (i > 0) walk = prefix[walk];
    }
    const first = suffix[walk];
    if (repeats && written + size < length) out[written + size] = first;
    if (previous >= 0 && next < maxCodes) {
      prefix[next] = previous;
      suffix[next] = first;
      sizes[next] = sizes[previous] + 1;
      next++;
      if (next === 1 << codeBits && codeBits < 12) codeBits++;
    }
    written += size + (repeats ? 1 : 0);
    previous = code;
  }
  return out;
}
