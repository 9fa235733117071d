/** From map positions to CSS pixels: `pixel = position · scale + offset`, one scale for both axes. */
export interface ViewTransform {
  scale: number;
  offsetX: number;
  offsetY: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Bounds {
  minX: number;
  maxX: number;
  minY: number;
  maxY: number;
}

/** Bounds of the finite positions; a unit square when there are none. */
export function boundsOf(x: ArrayLike<number>, y: ArrayLike<number>): Bounds {
  const bounds = { minX: Infinity, maxX: -Infinity, minY: Infinity, maxY: -Infinity };
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]!) || !Number.isFinite(y[i]!)) continue;
    bounds.minX = Math.min(bounds.minX, x[i]!);
    bounds.maxX = Math.max(bounds.maxX, x[i]!);
    bounds.minY = Math.min(bounds.minY, y[i]!);
    bounds.maxY = Math.max(bounds.maxY, y[i]!);
  }
  return bounds.minX <= bounds.maxX ? bounds : { minX: 0, maxX: 1, minY: 0, maxY: 1 };
}

/** Everything in view with `margin` pixels around. */
export function fit(bounds: Bounds, size: Size, margin: number): ViewTransform {
  const width = Math.max(bounds.maxX - bounds.minX, 1e-9);
  const height = Math.max(bounds.maxY - bounds.minY, 1e-9);
  const scale = Math.min(
    Math.max(size.width - 2 * margin, 1) / width,
    Math.max(size.height - 2 * margin, 1) / height,
  );
  return {
    scale,
    offsetX: size.width / 2 - (scale * (bounds.minX + bounds.maxX)) / 2,
    offsetY: size.height / 2 - (scale * (bounds.minY + bounds.maxY)) / 2,
  };
}

export function pan(view: ViewTransform, dx: number, dy: number): ViewTransform {
  return { ...view, offsetX: view.offsetX + dx, offsetY: view.offsetY + dy };
}

/** Zooms by `factor` and keeps the position under the pixel where it is. */
export function zoomAt(
  view: ViewTransform,
  factor: number,
  pixelX: number,
  pixelY: number,
  limits: { least: number; greatest: number },
): ViewTransform {
  const scale = Math.min(limits.greatest, Math.max(limits.least, view.scale * factor));
  const applied = scale / view.scale;
  return {
    scale,
    offsetX: pixelX - (pixelX - view.offsetX) * applied,
    offsetY: pixelY - (pixelY - view.offsetY) * applied,
  };
}
