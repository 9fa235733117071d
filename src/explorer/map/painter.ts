/**
 * Paints a scene. What paints differs (the GPU, pixels on the CPU), what is painted does not;
 * painter-choice.ts picks one by what the machine has.
 */
import type { Scene } from "./scene.ts";
import type { ViewTransform } from "./view-transform.ts";

export interface Painter {
  readonly kind: PainterKind;
  /** Size of the canvas in CSS pixels and how many device pixels make one. */
  resize(width: number, height: number, pixelRatio: number): void;
  /** The scene that is painted from now on. */
  show(scene: Scene): void;
  paint(frame: Frame): void;
  /** Gives back what it holds beside the canvas. */
  dispose(): void;
}

export type PainterKind = "webgl" | "pixels";

export interface Frame {
  view: ViewTransform;
  /** Multiplies every radius. */
  growth: number;
  /** Lines below the points, in CSS pixels: upright ones by x, level ones by y. */
  grid: Grid;
  /** On the way from other places: there at 0, at the scene's own at 1. */
  journey: Journey | null;
}

export interface Grid {
  x: readonly number[];
  y: readonly number[];
}

export const noGrid: Grid = { x: [], y: [] };

export interface Journey {
  /** Places of all concepts before, and the view they were seen in; NaN where one had none. */
  x: Float64Array;
  y: Float64Array;
  view: ViewTransform;
  progress: number;
}
