/**
 * Splats discs into one ImageData on the CPU. Without a GPU this is the fastest way a browser has
 * (docs/measurements.md).
 */
import { discMask, stepsPerPixel } from "./disc-masks.ts";
import type { Frame, Painter } from "./painter.ts";
import { speckRadius, type Scene } from "./scene.ts";

/** The part of a canvas that the painter needs. */
export interface PixelCanvas {
  width: number;
  height: number;
  getContext(
    kind: "2d",
    options: { alpha: false },
  ): Pick<CanvasRenderingContext2D, "createImageData" | "putImageData"> | null;
}

/** Null where the browser gives no 2-D canvas. */
export function splatPainter(canvas: PixelCanvas): Painter | null {
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) return null;
  let image: ImageData | null = null;
  let ratio = 1;
  let points: SplatPoints | null = null;

  return {
    kind: "pixels",
    resize(width, height, pixelRatio) {
      ratio = pixelRatio;
      canvas.width = Math.max(1, Math.round(width * pixelRatio));
      canvas.height = Math.max(1, Math.round(height * pixelRatio));
      image = context.createImageData(canvas.width, canvas.height);
    },
    show(scene) {
      points = splatPoints(scene);
    },
    paint(frame) {
      if (image === null || points === null) return;
      splat(image, points, frame, ratio);
      context.putImageData(image, 0, 0);
    },
    dispose() {
      image = null;
      points = null;
    },
  };
}

/** A scene's points in the order they are painted in, side by side in memory. */
export interface SplatPoints {
  concept: Uint32Array;
  x: Float64Array;
  y: Float64Array;
  /** CSS pixels at growth 1; negative: a speck, of the same size at any growth. */
  radius: Float32Array;
  /** The pixel that a disc is filled with. */
  colour: Int32Array;
  background: number;
  grid: number;
}

export function splatPoints(scene: Scene): SplatPoints {
  const { order, passes, colour } = scene;
  return {
    concept: order,
    x: Float64Array.from(order, (j) => scene.x[j]!),
    y: Float64Array.from(order, (j) => scene.y[j]!),
    radius: Float32Array.from(order, (j) => (passes[j] === 1 ? scene.radius[j]! : -speckRadius)),
    colour: Int32Array.from(order, (j) =>
      passes[j] === 1
        ? packed(colour[3 * j]!, colour[3 * j + 1]!, colour[3 * j + 2]!)
        : packed(...scene.faint),
    ),
    background: packed(...scene.background),
    grid: packed(...scene.grid),
  };
}

type Pixels = Pick<ImageData, "width" | "height" | "data">;

/** Fills `image` with the background, then the points in their order. */
export function splat(
  { width, height, data }: Pixels,
  points: SplatPoints,
  { view, growth, grid, journey }: Frame,
  ratio: number,
): void {
  const words = new Int32Array(data.buffer);
  const { concept, x, y, radius, colour, background } = points;
  words.fill(background);
  for (const place of grid.y) {
    const row = Math.floor(place * ratio);
    if (row >= 0 && row < height) words.fill(points.grid, row * width, (row + 1) * width);
  }
  for (const place of grid.x) {
    const column = Math.floor(place * ratio);
    if (column < 0 || column >= width) continue;
    for (let p = column; p < words.length; p += width) words[p] = points.grid;
  }
  const perRadius = growth * ratio * stepsPerPixel;
  const perSpeck = ratio * stepsPerPixel;
  for (let i = 0; i < x.length; i++) {
    let left = x[i]! * view.scale + view.offsetX;
    let top = y[i]! * view.scale + view.offsetY;
    if (journey !== null) {
      const j = concept[i]!;
      const fromLeft = journey.x[j]! * journey.view.scale + journey.view.offsetX;
      const fromTop = journey.y[j]! * journey.view.scale + journey.view.offsetY;
      // One that was nowhere appears in its place.
      if (fromLeft === fromLeft && fromTop === fromTop) {
        left = fromLeft + (left - fromLeft) * journey.progress;
        top = fromTop + (top - fromTop) * journey.progress;
      }
    }
    const size = radius[i]!;
    const steps = Math.max(1, Math.floor((size < 0 ? -size * perSpeck : size * perRadius) + 0.5));
    const stepX = Math.floor(left * ratio * stepsPerPixel + 0.5);
    const stepY = Math.floor(top * ratio * stepsPerPixel + 0.5);
    const column = Math.floor(stepX / stepsPerPixel);
    const row = Math.floor(stepY / stepsPerPixel);
    const margin = (steps >> 2) + 4;
    if (column < -margin || row < -margin || column >= width + margin || row >= height + margin) continue;
    const mask = discMask(steps, stepX & (stepsPerPixel - 1), stepY & (stepsPerPixel - 1));
    const { reach, runs, edge, withRim, disc } = mask;
    const ink = colour[i]!;
    const whole = column >= reach && row >= reach && column < width - reach && row < height - reach;
    for (let k = 0; k < runs.length; k += 3) {
      const line = row + runs[k]!;
      if (!whole && (line < 0 || line >= height)) continue;
      const first = whole ? column + runs[k + 1]! : Math.max(0, column + runs[k + 1]!);
      const last = whole ? column + runs[k + 2]! : Math.min(width - 1, column + runs[k + 2]!);
      const end = line * width + last;
      for (let p = line * width + first; p <= end; p++) words[p] = ink;
    }
    for (let k = 0, e = 0; k < disc.length; k++, e += 2) {
      const at = column + edge[e]!;
      const line = row + edge[e + 1]!;
      if (!whole && (at < 0 || at >= width || line < 0 || line >= height)) continue;
      const p = line * width + at;
      const under = withRim === null ? words[p]! : mixed(words[p]!, background, withRim[k]!);
      words[p] = mixed(under, ink, disc[k]!);
    }
  }
}

/** From one pixel `share`/256 of the way to another, two channels in one product. */
function mixed(from: number, to: number, share: number): number {
  const rest = 256 - share;
  const outer = (Math.imul(from & 0xff00ff, rest) + Math.imul(to & 0xff00ff, share)) | 0;
  const green = (Math.imul((from >>> 8) & 0xff, rest) + Math.imul((to >>> 8) & 0xff, share)) | 0;
  return 0xff000000 | ((outer >>> 8) & 0xff00ff) | (green & 0xff00);
}

/** Opaque pixel as canvas memory has it on little-endian machines, which all browsers run on. */
function packed(red: number, green: number, blue: number): number {
  return 0xff000000 | (blue << 16) | (green << 8) | red;
}
