/**
 * AVIF pictures store their colour at half the size. sharp's decoder enlarges it by repeating, Pillow's
 * bilinearly: at the edges of coloured things that is far apart. Repeated colour can be read back from
 * the pixels (four of them share it), so it is, and enlarged as libyuv does it for Pillow.
 */
import type { AvifProperties } from "../../formats/avif-properties.ts";
import type { Pixels } from "../../encoders/encoder.ts";

/** Weights of red and blue in the luma of a matrix; null for one that is not of this kind. */
function lumaWeights(matrix: number): readonly [red: number, blue: number] | null {
  if (matrix === 1) return [0.2126, 0.0722];
  if (matrix === 2 || matrix === 5 || matrix === 6) return [0.299, 0.114];
  return matrix === 9 ? [0.2627, 0.0593] : null;
}

/** The picture with its colour enlarged bilinearly, or as it is where that is no matter. */
export function smoothChroma(pixels: Pixels, properties: AvifProperties | null): Pixels {
  // The decoder enlarges bilinearly itself before it turns a picture with an odd edge.
  const done = properties?.turned === true && (pixels.width % 2 === 1 || pixels.height % 2 === 1);
  const weights = properties?.halvedColour === true && !done && lumaWeights(properties.matrix);
  if (!weights) return pixels;
  const [red, blue] = weights;
  const green = 1 - red - blue;
  // Contributions of the colour differences to the channels.
  const toRed = 2 * (1 - red);
  const toBlue = 2 * (1 - blue);
  const blueToGreen = (-toBlue * blue) / green;
  const redToGreen = (-toRed * red) / green;

  const { width, height, data } = pixels;
  const columns = Math.ceil(width / 2);
  const { blues, reds } = readChroma(pixels, red, blue);
  const out = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    const near = (y >> 1) * columns;
    const far = neighbour(y, Math.ceil(height / 2)) * columns;
    for (let x = 0; x < width; x++) {
      const own = near + (x >> 1);
      const side = neighbour(x, columns);
      const at = (y * width + x) * 3;
      const r = data[at];
      const g = data[at + 1];
      const b = data[at + 2];
      const u = blues[own];
      const v = reds[own];
      // Luma from the channels that are not cut off, weighted as luma weighs them.
      let sum = 0;
      let weight = 0;
      if (r > 0 && r < 255) {
        sum = red * (r - toRed * v);
        weight = red;
      }
      if (g > 0 && g < 255) {
        sum += green * (g - blueToGreen * u - redToGreen * v);
        weight += green;
      }
      if (b > 0 && b < 255) {
        sum += blue * (b - toBlue * u);
        weight += blue;
      }
      const luma = weight > 0 ? sum / weight : red * r + green * g + blue * b;
      const newU = bilinear(blues, own, far + (x >> 1), near + side, far + side);
      const newV = bilinear(reds, own, far + (x >> 1), near + side, far + side);
      out[at] = luma + toRed * newV;
      out[at + 1] = luma + blueToGreen * newU + redToGreen * newV;
      out[at + 2] = luma + toBlue * newU;
    }
  }
  return { width, height, data: out };
}

/** The other position of the half-size picture that position `at` of the whole one lies next to. */
function neighbour(at: number, size: number): number {
  return Math.min(size - 1, Math.max(0, (at >> 1) + (at & 1 ? 1 : -1)));
}

/** libyuv's weights and rounding; differences are signed, so the rounding is shifted by a whole number. */
function bilinear(values: Float64Array, own: number, below: number, beside: number, across: number): number {
  return Math.floor((9 * values[own] + 3 * values[below] + 3 * values[beside] + values[across] + 8) / 16);
}

/** Colour differences at half the size, whole numbers: the mean of the pixels in which nothing is cut off. */
function readChroma(
  { width, height, data }: Pixels,
  red: number,
  blue: number,
): { blues: Float64Array; reds: Float64Array } {
  const columns = Math.ceil(width / 2);
  const rows = Math.ceil(height / 2);
  const blues = new Float64Array(columns * rows);
  const reds = new Float64Array(columns * rows);
  const perBlue = 1 / (2 * (1 - blue));
  const perRed = 1 / (2 * (1 - red));
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let u = 0;
      let v = 0;
      let count = 0;
      let cutU = 0;
      let cutV = 0;
      let cut = 0;
      for (let i = 0; i < 4; i++) {
        const column = 2 * x + (i & 1);
        const row = 2 * y + (i >> 1);
        if (column >= width || row >= height) continue;
        const at = (row * width + column) * 3;
        const r = data[at];
        const g = data[at + 1];
        const b = data[at + 2];
        const luma = red * r + (1 - red - blue) * g + blue * b;
        const du = (b - luma) * perBlue;
        const dv = (r - luma) * perRed;
        if (r > 0 && g > 0 && b > 0 && r < 255 && g < 255 && b < 255) {
          u += du;
          v += dv;
          count++;
        } else {
          cutU += du;
          cutV += dv;
          cut++;
        }
      }
      blues[y * columns + x] = Math.round(count > 0 ? u / count : cutU / cut);
      reds[y * columns + x] = Math.round(count > 0 ? v / count : cutV / cut);
    }
  }
  return { blues, reds };
}
