/** Draws scenes into a folder, one SVG each. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { drawPicture } from "./picture.ts";
import type { Scene } from "./scene.ts";

export function pictureName(scene: number): string {
  return `scene-${String(scene).padStart(5, "0")}.svg`;
}

const atOnce = 64;

export async function writePictures(
  folder: string,
  scenes: readonly Scene[],
  onDrawn: (done: number) => void = () => {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < scenes.length; i += atOnce) {
    const block = scenes.slice(i, i + atOnce);
    await Promise.all(
      block.map((scene, b) => writeFile(join(folder, pictureName(i + b)), drawPicture(scene))),
    );
    onDrawn(i + block.length);
  }
}
