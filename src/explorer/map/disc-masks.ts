/** Coverage of a disc's pixels, made once for each radius: anti-aliased, with a rim around it. */
export interface DiscMask {
  /** Pixels from the centre to the mask's edge; the mask is (2·reach + 1)² pixels. */
  reach: number;
  /** Coverage by the disc, 0 to 256. */
  disc: Uint16Array;
  /** Coverage by disc and rim together. */
  withRim: Uint16Array;
}

/** Steps of a device pixel between two radii. */
const stepsPerPixel = 4;
/** Discs smaller than this have no rim: it would be all there is to see. */
const leastRimmed = 2.5;

const masks = new Map<number, DiscMask>();

/** `radius` in device pixels, rounded to a quarter. */
export function discMask(radius: number): DiscMask {
  const step = Math.max(1, Math.round(radius * stepsPerPixel));
  let mask = masks.get(step);
  if (mask === undefined) {
    mask = makeMask(step / stepsPerPixel);
    masks.set(step, mask);
  }
  return mask;
}

function makeMask(radius: number): DiscMask {
  const rim = radius >= leastRimmed ? Math.min(1.5, radius * 0.22) : 0;
  const reach = Math.ceil(radius + rim);
  const width = 2 * reach + 1;
  const disc = new Uint16Array(width * width);
  const withRim = new Uint16Array(width * width);
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < width; column++) {
      const distance = Math.hypot(row - reach, column - reach);
      disc[row * width + column] = coverage(radius - distance);
      withRim[row * width + column] = coverage(radius + rim - distance);
    }
  }
  return { reach, disc, withRim };
}

function coverage(inside: number): number {
  return Math.round(256 * Math.min(1, Math.max(0, inside + 0.5)));
}
