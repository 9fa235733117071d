import { describe, expect, it } from "vitest";
import { noGrid, type Journey } from "./painter.ts";
import type { Scene } from "./scene.ts";
import { splat, splatPoints } from "./splat-painter.ts";

const still = { scale: 1, offsetX: 0, offsetY: 0 };

function sceneOf(points: readonly { x: number; y: number; radius: number; passes?: number }[]): Scene {
  return {
    count: points.length,
    x: Float64Array.from(points, ({ x }) => x),
    y: Float64Array.from(points, ({ y }) => y),
    radius: Float32Array.from(points, ({ radius }) => radius),
    colour: Uint8Array.from(points.flatMap(() => [200, 100, 50])),
    passes: Uint8Array.from(points, ({ passes = 1 }) => passes),
    order: Uint32Array.from(points.keys()),
    sizes: { greatestEnergy: 1, greatest: 9, least: 1 },
    background: [255, 255, 255],
    faint: [226, 229, 233],
    grid: [240, 240, 240],
  };
}

/** Red of every pixel. */
function reds(
  scene: Scene,
  width: number,
  height: number,
  journey: Journey | null = null,
  grid = noGrid,
): number[] {
  const data = new Uint8ClampedArray(4 * width * height);
  splat({ width, height, data }, splatPoints(scene), { view: still, growth: 1, grid, journey }, 1);
  return Array.from({ length: width * height }, (_, p) => data[4 * p]);
}

/** Sum of what the discs take from a white ground, in pixels of full colour. */
function inked(pixels: readonly number[]): number {
  return pixels.reduce((sum, red) => sum + (255 - red) / 55, 0);
}

describe("discs on the CPU", () => {
  it.each([1.25, 2.25, 4.5])("cover as much as a circle of radius %f, wherever they lie", (radius) => {
    for (const [x, y] of [
      [8, 8],
      [8.25, 8.5],
      [7.75, 8.25],
    ] as const) {
      const covered = inked(reds(sceneOf([{ x, y, radius }]), 17, 17));
      expect(Math.abs(covered / (Math.PI * radius ** 2) - 1)).toBeLessThan(0.12);
    }
  });

  it("lie where they are, symmetrical around their centre", () => {
    const pixels = reds(sceneOf([{ x: 4.5, y: 4.5, radius: 3 }]), 9, 9);
    const turned = pixels.toReversed();
    expect(pixels).toEqual(turned);
    expect(pixels[4 * 9 + 4]).toBe(200);
    expect(pixels[0]).toBe(255);
  });

  it("are cut at the edges of the picture, each pixel as if the picture were larger", () => {
    const spread = { x: 3, y: 2, radius: 5 };
    const small = reds(sceneOf([spread]), 6, 5);
    const large = reds(sceneOf([{ ...spread, x: 23, y: 22 }]), 46, 45);
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 6; x++) expect(small[y * 6 + x]).toBe(large[(y + 20) * 46 + x + 20]);
    }
  });

  it("go from where they were to where they are", () => {
    const scene = sceneOf([
      { x: 4.5, y: 4.5, radius: 2 },
      { x: 12.5, y: 4.5, radius: 2 },
    ]);
    const journey = (progress: number): Journey => ({
      x: Float64Array.of(8.5, NaN),
      y: Float64Array.of(4.5, NaN),
      view: still,
      progress,
    });
    expect(reds(scene, 17, 9, journey(1))).toEqual(reds(scene, 17, 9));
    // The second had no place before and appears in its own.
    expect(reds(scene, 17, 9, journey(0))).toEqual(reds({ ...scene, x: Float64Array.of(8.5, 12.5) }, 17, 9));
  });

  it("lie above the lines of a grid", () => {
    const grid = { x: [2.4, -3, 40], y: [7.5] };
    const pixels = reds(sceneOf([{ x: 2.5, y: 2.5, radius: 1.5 }]), 9, 9, null, grid);
    expect([pixels[2], pixels[7 * 9 + 8], pixels[2 * 9 + 2], pixels[8 * 9 + 8]]).toEqual([
      240, 240, 200, 255,
    ]);
  });

  it("keep filtered ones as specks of one size", () => {
    const speck = reds(sceneOf([{ x: 4.5, y: 4.5, radius: 4, passes: 0 }]), 9, 9);
    expect(speck[4 * 9 + 4]).toBe(226);
    expect(speck[4 * 9 + 7]).toBe(255);
  });
});
