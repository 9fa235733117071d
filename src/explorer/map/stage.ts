/**
 * The two canvases of the map, painted at most once a frame: points, and what lies over them, each
 * only when something of it changed.
 */
import type { Frame, Painter } from "./painter.ts";
import type { Scene } from "./scene.ts";
import type { Size } from "./view-transform.ts";

export interface Stage {
  readonly painter: Painter;
  resize(size: Size, pixelRatio: number): void;
  show(scene: Scene): void;
  look(frame: Frame): void;
  /** Paints what lies over the points, in CSS pixels on a cleared canvas; from now on, and now. */
  over(paint: (context: CanvasRenderingContext2D, frame: Frame) => void): void;
  /** Both canvases as one PNG. */
  picture(): Promise<Blob>;
  dispose(): void;
}

export interface StageEffects {
  requestFrame(callback: (now: number) => void): number;
  cancelFrame(request: number): void;
}

export function createStage(
  painter: Painter,
  points: HTMLCanvasElement,
  overlay: HTMLCanvasElement,
  effects: StageEffects,
): Stage {
  const context = overlay.getContext("2d");
  let ratio = 1;
  let size: Size = { width: 0, height: 0 };
  let frame: Frame | null = null;
  let paintOver: ((context: CanvasRenderingContext2D, frame: Frame) => void) | null = null;
  let pointsChanged = false;
  let request: number | null = null;

  const paint = (): void => {
    request = null;
    if (frame === null || size.width === 0) return;
    if (pointsChanged) painter.paint(frame);
    pointsChanged = false;
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    paintOver?.(context, frame);
  };
  const ask = (): void => {
    request ??= effects.requestFrame(paint);
  };
  return {
    painter,
    resize(next, pixelRatio) {
      size = next;
      ratio = pixelRatio;
      painter.resize(size.width, size.height, ratio);
      overlay.width = Math.max(1, Math.round(size.width * ratio));
      overlay.height = Math.max(1, Math.round(size.height * ratio));
      pointsChanged = true;
      // A resized canvas is empty: a frame later would be a flash.
      paint();
    },
    show(scene) {
      painter.show(scene);
      pointsChanged = true;
      ask();
    },
    look(next) {
      frame = next;
      pointsChanged = true;
      ask();
    },
    over(next) {
      paintOver = next;
      ask();
    },
    async picture() {
      const both = document.createElement("canvas");
      both.width = overlay.width;
      both.height = overlay.height;
      const onto = both.getContext("2d");
      if (onto === null || frame === null) throw new Error("there is no picture yet");
      // WebGL keeps what it drew only until the page has been shown.
      painter.paint(frame);
      onto.drawImage(points, 0, 0);
      onto.drawImage(overlay, 0, 0);
      return new Promise((resolve, reject) => {
        both.toBlob((blob) => (blob === null ? reject(new Error("the browser made no PNG")) : resolve(blob)));
      });
    },
    dispose() {
      if (request !== null) effects.cancelFrame(request);
      painter.dispose();
    },
  };
}
