/** From a decoded picture to the numbers that an image tower takes, with the bits of the reference. */
import { badInput } from "../base/errors.ts";
import type { ImageDescription, ResizeRule } from "./description.ts";
import type { Pixels } from "./encoder.ts";
import { resize } from "./resize.ts";

/** Resizes, crops, scales and normalises one picture: 3 x height x width. */
export type ImagePreparation = (pixels: Pixels) => Float32Array;

export function createImagePreparation(image: ImageDescription): ImagePreparation {
  const { width, height, resample } = image;
  const channels = image.mean.map((mean, channel) => lookUp(image.rescale, mean, image.std[channel]));
  return (pixels) => {
    checkPixels(pixels);
    const size = resizedSize(pixels, image.resize);
    const x = centre(size.width, width);
    const y = centre(size.height, height);
    const part = { left: x.from, top: y.from, width: x.length, height: y.length };
    const { data } = resize(pixels, { ...size, resample, part });
    const out = new Float32Array(3 * height * width);
    for (const [channel, values] of channels.entries()) {
      const plane = channel * height * width;
      if (x.length < width || y.length < height) {
        out.fill(values[0], plane, plane + height * width);
      }
      for (let row = 0; row < y.length; row++) {
        let source = row * x.length * 3 + channel;
        let target = plane + (y.before + row) * width + x.before;
        for (let column = 0; column < x.length; column++) {
          out[target++] = values[data[source]];
          source += 3;
        }
      }
    }
    return out;
  };
}

/** (value * rescale - mean) / std of all 8-bit values, each step rounded to float32 as numpy has it. */
function lookUp(rescale: number, mean: number, std: number): Float32Array {
  const values = new Float32Array(256);
  for (let v = 0; v < 256; v++) {
    values[v] = Math.fround(Math.fround(v * rescale) - Math.fround(mean)) / Math.fround(std);
  }
  return values;
}

/** Size after the resize, before the crop. */
export function resizedSize(
  { width, height }: { readonly width: number; readonly height: number },
  rule: ResizeRule,
): { width: number; height: number } {
  if (rule.mode === "exact") return { width: rule.width, height: rule.height };
  const { edge } = rule;
  return width <= height
    ? { width: edge, height: Math.trunc((edge * height) / width) }
    : { width: Math.trunc((edge * width) / height), height: edge };
}

/** Where `wanted` positions around the centre of `size` lie, and how many zeros come before them. */
function centre(size: number, wanted: number): { from: number; length: number; before: number } {
  const offset = Math.floor((size - wanted) / 2);
  return { from: Math.max(0, offset), length: Math.min(size, wanted), before: Math.max(0, -offset) };
}

function checkPixels({ width, height, data }: Pixels): void {
  if (width > 0 && height > 0 && data.length === width * height * 3) return;
  throw badInput(
    `a picture of ${width} x ${height} pixels comes with ${data.length} bytes; expected ${width * height * 3}, three for each pixel`,
  );
}
