/** Lines of equal density of points: what the eye cannot count where discs lie on each other. */
import { contourDensity, type ContourMultiPolygon } from "d3-contour";
import { boundsOf, fit } from "./view-transform.ts";

/** One ring after another: x, y, x, y …, in the units of the plane. */
export type Rings = readonly Float64Array[];

/** Fewer points are seen one by one. */
export const fewestForContours = 800;

/** The grid behind the lines, whatever the window; the density is smoothed over `bandwidth` of its units. */
const grid = { width: 960, height: 640 };
const bandwidth = 11;
const cellSize = 4;
/** Shares of the greatest density. */
const levels = [0.12, 0.25, 0.45, 0.7];

/** Of d3-contour 4, which its types do not have yet: the line at any density, and the greatest one. */
interface WithContours {
  contours: (
    data: readonly number[],
  ) => ((density: number) => ContourMultiPolygon) & { readonly max: number };
}

/** `points` are numbers of points that have a place. */
export function densityContours(x: Float64Array, y: Float64Array, points: ArrayLike<number>): Rings {
  const places = Array.from(points);
  if (places.length < fewestForContours) return [];
  const view = fit(
    boundsOf(
      places.map((j) => x[j]!),
      places.map((j) => y[j]!),
    ),
    grid,
    3 * bandwidth,
  );
  const density = contourDensity<number>()
    .x((j) => x[j]! * view.scale + view.offsetX)
    .y((j) => y[j]! * view.scale + view.offsetY)
    .size([grid.width, grid.height])
    .bandwidth(bandwidth)
    .cellSize(cellSize);
  const { contours } = density as unknown as WithContours;
  const at = contours(places);
  return levels.flatMap((level) =>
    at(level * at.max).coordinates.flatMap((polygon) =>
      polygon.map((ring) =>
        Float64Array.from(
          ring.flatMap(([px, py]) => [(px! - view.offsetX) / view.scale, (py! - view.offsetY) / view.scale]),
        ),
      ),
    ),
  );
}
