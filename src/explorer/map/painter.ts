/**
 * Paints a scene. What can paint differs (pixels on the CPU now; GPUs later), what is painted does
 * not: a chooser picks the painter by what the machine has.
 */
import type { Scene } from "./scene.ts";
import type { ViewTransform } from "./view-transform.ts";

export interface Painter {
  /** Size of the canvas in CSS pixels and how many device pixels make one. */
  resize(width: number, height: number, pixelRatio: number): void;
  /** `growth` multiplies every radius. */
  paint(scene: Scene, view: ViewTransform, growth: number): void;
}
