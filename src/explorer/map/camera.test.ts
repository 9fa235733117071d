import { describe, expect, it } from "vitest";
import { cameraOf, viewOf, zoomLimits } from "./camera.ts";
import { pan, zoomAt } from "./view-transform.ts";

const size = { width: 800, height: 600 };
const fittedScale = 20;

describe("what part of the map is in view", () => {
  it("survives being written down after dragging and zooming", () => {
    const fitted = { scale: fittedScale, offsetX: 400, offsetY: 300 };
    const limits = { least: 1, greatest: 1000 };
    const view = pan(zoomAt(fitted, 3, 100, 50, limits), -37, 12);
    const again = viewOf(cameraOf(view, fittedScale, size), fittedScale, size);
    expect(again.scale).toBeCloseTo(view.scale, 9);
    expect(again.offsetX).toBeCloseTo(view.offsetX, 9);
    expect(again.offsetY).toBeCloseTo(view.offsetY, 9);
  });

  it("keeps the same place in the middle of another window", () => {
    const camera = { x: 2.5, y: -1, zoom: 4 };
    const other = { width: 390, height: 400 };
    const view = viewOf(camera, 9, other);
    expect(camera.x * view.scale + view.offsetX).toBeCloseTo(other.width / 2, 9);
    expect(camera.y * view.scale + view.offsetY).toBeCloseTo(other.height / 2, 9);
  });

  it("stays within the zoom that the map allows, whatever an address says", () => {
    expect(viewOf({ x: 0, y: 0, zoom: 1e9 }, 2, size).scale).toBe(2 * zoomLimits.greatest);
    expect(viewOf({ x: 0, y: 0, zoom: 1e-9 }, 2, size).scale).toBe(2 * zoomLimits.least);
  });
});
