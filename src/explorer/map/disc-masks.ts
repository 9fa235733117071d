/**
 * Which pixels a disc covers, made once for each radius and each place within a pixel: runs that the
 * disc fills, and the pixels of its edge with how much they take of rim and disc. The rim, in the
 * colour of the background, parts discs that lie on each other.
 *
 * Radius and centre are rounded to quarters of a pixel. disc.vert.glsl and disc.frag.glsl say the same.
 */
export interface DiscMask {
  /** Pixels from the centre's own to the farthest one covered. */
  reach: number;
  /** Runs of filled pixels: dy, first dx, last dx, three numbers each. */
  runs: Int16Array;
  /** Pixels of the edge: dx, dy, two numbers each. */
  edge: Int16Array;
  /** Coverage of each edge pixel by the disc, 0 to 256. */
  disc: Uint16Array;
  /** The same by disc and rim together; null without a rim. */
  withRim: Uint16Array | null;
}

/** Parts of a pixel that radius and centre are rounded to. */
export const stepsPerPixel = 4;
/** Device pixels: smaller discs have no rim, it would be all there is to see. */
const leastRimmed = 2.5;
const rimShare = 0.22;
const widestRim = 1.5;

const masks: (DiscMask | undefined)[] = [];

/** `radiusSteps` at least 1; the phases are the centre's place right of and below its pixel's corner, 0 to 3. */
export function discMask(radiusSteps: number, phaseX: number, phaseY: number): DiscMask {
  const key = (radiusSteps * stepsPerPixel + phaseX) * stepsPerPixel + phaseY;
  return (masks[key] ??= makeMask(
    radiusSteps / stepsPerPixel,
    phaseX / stepsPerPixel,
    phaseY / stepsPerPixel,
  ));
}

function makeMask(radius: number, centreX: number, centreY: number): DiscMask {
  const rim = radius >= leastRimmed ? Math.min(widestRim, radius * rimShare) : 0;
  const reach = Math.ceil(radius + rim + 1);
  const runs: number[] = [];
  const edge: number[] = [];
  const withRim: number[] = [];
  const disc: number[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    let first: number | null = null;
    for (let dx = -reach; dx <= reach; dx++) {
      const distance = Math.hypot(dx + 0.5 - centreX, dy + 0.5 - centreY);
      const inner = coverage(radius - distance);
      const outer = coverage(radius + rim - distance);
      if (inner === 256) first ??= dx;
      else if (first !== null) {
        runs.push(dy, first, dx - 1);
        first = null;
      }
      if (inner < 256 && outer > 0) {
        edge.push(dx, dy);
        withRim.push(outer);
        disc.push(inner);
      }
    }
  }
  return {
    reach,
    runs: Int16Array.from(runs),
    edge: Int16Array.from(edge),
    disc: Uint16Array.from(disc),
    withRim: rim > 0 ? Uint16Array.from(withRim) : null,
  };
}

function coverage(inside: number): number {
  return Math.round(256 * Math.min(1, Math.max(0, inside + 0.5)));
}
