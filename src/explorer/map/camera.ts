/** What part of the map is in view, whatever the size of the window: the address bar holds it. */
import type { Size, ViewTransform } from "./view-transform.ts";

export interface Camera {
  /** The position in the middle of the view, in the map's own units. */
  x: number;
  y: number;
  /** How many times larger than when everything fits. */
  zoom: number;
}

/** How far the map zooms, times the fitted scale. */
export const zoomLimits = { least: 0.5, greatest: 60 };

export function viewOf(camera: Camera, fittedScale: number, size: Size): ViewTransform {
  const zoom = Math.min(zoomLimits.greatest, Math.max(zoomLimits.least, camera.zoom));
  const scale = fittedScale * zoom;
  return { scale, offsetX: size.width / 2 - camera.x * scale, offsetY: size.height / 2 - camera.y * scale };
}

export function cameraOf(view: ViewTransform, fittedScale: number, size: Size): Camera {
  return {
    x: (size.width / 2 - view.offsetX) / view.scale,
    y: (size.height / 2 - view.offsetY) / view.scale,
    zoom: view.scale / fittedScale,
  };
}

/** As the address writes it: four decimals place a point to a fraction of a pixel at any zoom. */
export function rounded({ x, y, zoom }: Camera): Camera {
  const round = (value: number): number => Number(value.toFixed(4));
  return { x: round(x), y: round(y), zoom: round(zoom) };
}
