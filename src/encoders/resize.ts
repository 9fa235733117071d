/**
 * Resizing with the bytes of Pillow's `Image.resize`: a horizontal and a vertical pass, each rounded to
 * 8 bits. Only the part that the caller keeps is computed, so that a panorama costs what its centre costs.
 */
import type { Pixels } from "./encoder.ts";
import { passWeights, weightBits, type PassWeights, type Resample } from "./resample-weights.ts";

export interface ResizeOptions {
  /** Size of the whole resized picture. */
  readonly width: number;
  readonly height: number;
  readonly resample: Resample;
  /** The part of it to compute; the whole without it. */
  readonly part?: Part;
}

export interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const half = 1 << (weightBits - 1);

/** The resized picture, or the part of it, as RGB bytes. */
export function resize(pixels: Pixels, { width, height, resample, part }: ResizeOptions): Pixels {
  const kept = part ?? { left: 0, top: 0, width, height };
  const rows = rowWindow(pixels.height, height, resample, kept);
  const across =
    width === pixels.width
      ? columns(pixels, kept, rows.from, rows.length)
      : horizontal(
          pixels,
          passWeights(pixels.width, width, resample, kept.left, kept.width),
          rows.from,
          rows.length,
        );
  const data = rows.weights ? vertical(across, kept.width * 3, rows.weights, rows.from) : across;
  return { width: kept.width, height: kept.height, data };
}

interface RowWindow {
  /** Source rows that the vertical pass looks at. */
  readonly from: number;
  readonly length: number;
  /** null where the height stays. */
  readonly weights: PassWeights | null;
}

function rowWindow(source: number, target: number, resample: Resample, part: Part): RowWindow {
  if (source === target) return { from: part.top, length: part.height, weights: null };
  const weights = passWeights(source, target, resample, part.top, part.height);
  const from = weights.start[0];
  const last = part.height - 1;
  return { from, length: weights.start[last] + weights.count[last] - from, weights };
}

/** Columns of `part` as they are. */
function columns(pixels: Pixels, part: Part, from: number, rows: number): Uint8Array {
  const stride = pixels.width * 3;
  const out = new Uint8Array(rows * part.width * 3);
  for (let y = 0; y < rows; y++) {
    const begin = (from + y) * stride + part.left * 3;
    out.set(pixels.data.subarray(begin, begin + part.width * 3), y * part.width * 3);
  }
  return out;
}

function horizontal(pixels: Pixels, pass: PassWeights, from: number, rows: number): Uint8Array {
  const { data } = pixels;
  const { start, count, weights, stride } = pass;
  const width = start.length;
  const out = new Uint8Array(rows * width * 3);
  let at = 0;
  for (let y = 0; y < rows; y++) {
    const line = (from + y) * pixels.width * 3;
    for (let x = 0; x < width; x++) {
      let red = half;
      let green = half;
      let blue = half;
      let source = line + start[x] * 3;
      const begin = x * stride;
      const end = begin + count[x];
      for (let k = begin; k < end; k++) {
        const weight = weights[k];
        red = (red + Math.imul(data[source], weight)) | 0;
        green = (green + Math.imul(data[source + 1], weight)) | 0;
        blue = (blue + Math.imul(data[source + 2], weight)) | 0;
        source += 3;
      }
      out[at] = clamp(red >> weightBits);
      out[at + 1] = clamp(green >> weightBits);
      out[at + 2] = clamp(blue >> weightBits);
      at += 3;
    }
  }
  return out;
}

function vertical(data: Uint8Array, rowLength: number, pass: PassWeights, from: number): Uint8Array {
  const { start, count, weights, stride } = pass;
  const height = start.length;
  const out = new Uint8Array(height * rowLength);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < height; y++) {
    sums.fill(half);
    let source = (start[y] - from) * rowLength;
    for (let k = 0; k < count[y]; k++) {
      const weight = weights[y * stride + k];
      for (let x = 0; x < rowLength; x++) {
        sums[x] += Math.imul(data[source + x], weight);
      }
      source += rowLength;
    }
    const line = y * rowLength;
    for (let x = 0; x < rowLength; x++) out[line + x] = clamp(sums[x] >> weightBits);
  }
  return out;
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
