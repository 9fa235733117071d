/**
 * Resizing with the bytes of Pillow's `Image.resize`: a horizontal and a vertical pass, each rounded to
 * 8 bits. Only the part that the caller keeps is computed, so that a panorama costs what its centre costs.
 */
import type { Pixels } from "./encoder.ts";
import { passWeights, type PassWeights, type Resample } from "./resample-weights.ts";
import { horizontalPass, verticalPass, type Area } from "./resize-passes.ts";

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

/** The resized picture, or the part of it, as RGB bytes. */
export function resize(pixels: Pixels, { width, height, resample, part }: ResizeOptions): Pixels {
  const kept = part ?? { left: 0, top: 0, width, height };
  const across = axis(pixels.width, width, resample, kept.left, kept.width);
  const down = axis(pixels.height, height, resample, kept.top, kept.height);
  const source: Area = {
    data: pixels.data,
    offset: (down.from * pixels.width + across.from) * 3,
    stride: pixels.width * 3,
    rows: down.length,
    columns: across.length,
  };
  const passes = [
    (area: Area) => (across.weights ? horizontalPass(area, across.weights) : area),
    (area: Area) => (down.weights ? verticalPass(area, down.weights) : area),
  ];
  if (isVerticalFirst(pixels, width, height)) passes.reverse();
  const result = passes.reduce((area, pass) => pass(area), source);
  return { width: kept.width, height: kept.height, data: tight(result) };
}

/** Pillow 13 (pull request 9549); earlier versions always begin with the horizontal pass. */
function isVerticalFirst(source: Pixels, width: number, height: number): boolean {
  const lost = source.height - height;
  return lost > 0 && lost > 2 * (source.width - width);
}

interface Axis {
  /** Source positions that are looked at. */
  readonly from: number;
  readonly length: number;
  /** Starts count from `from`; null where the size stays. */
  readonly weights: PassWeights | null;
}

function axis(source: number, target: number, resample: Resample, begin: number, length: number): Axis {
  if (source === target) return { from: begin, length, weights: null };
  const weights = passWeights(source, target, resample, begin, length);
  const from = weights.start[0];
  const end = weights.start[length - 1] + weights.count[length - 1];
  const start = weights.start.map((at) => at - from);
  return { from, length: end - from, weights: { ...weights, start } };
}

function tight({ data, offset, stride, rows, columns }: Area): Uint8Array | Uint8ClampedArray {
  const rowBytes = columns * 3;
  if (stride === rowBytes) return data.subarray(offset, offset + rows * rowBytes);
  const out = new Uint8Array(rows * rowBytes);
  for (let y = 0; y < rows; y++) {
    out.set(data.subarray(offset + y * stride, offset + y * stride + rowBytes), y * rowBytes);
  }
  return out;
}
