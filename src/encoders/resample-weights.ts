/**
 * Weights of one pass of a resize as Pillow computes them (src/libImaging/Resample.c): a filter widened
 * by the scale where the picture shrinks, normalised to sum 1, as integers of 22 fractional bits.
 */

export type Resample = "bicubic" | "bilinear" | "lanczos";

/** Fractional bits of a weight: 32, less 8 for the value and 2 for overshoot and sign. */
export const weightBits = 32 - 8 - 2;

export interface PassWeights {
  /** First source position of every output position. */
  readonly start: Int32Array;
  /** How many source positions it takes. */
  readonly count: Int32Array;
  /** Weights, `stride` for every output position. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** Half width of a filter in output positions, and its value. */
const filters: Readonly<Record<Resample, { support: number; value: (x: number) => number }>> = {
  bilinear: { support: 1, value: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, value: bicubic },
  lanczos: { support: 3, value: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Keys' cubic with a = -0.5. */
function bicubic(signed: number): number {
  const a = -0.5;
  const x = Math.abs(signed);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/** Output positions `from` to `from + length` of a pass that takes `source` positions to `target`. */
export function passWeights(
  source: number,
  target: number,
  resample: Resample,
  from: number,
  length: number,
): PassWeights {
  const filter = filters[resample];
  const scale = source / target;
  const filterScale = Math.max(scale, 1);
  const support = filter.support * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const start = new Int32Array(length);
  const count = new Int32Array(length);
  const weights = new Int32Array(length * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < length; i++) {
    const centre = (from + i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const taps = Math.min(source, Math.trunc(centre + support + 0.5)) - first;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      exact[k] = filter.value((k + first - centre + 0.5) * (1 / filterScale));
      sum += exact[k];
    }
    for (let k = 0; k < taps; k++) {
      const scaled = (sum === 0 ? exact[k] : exact[k] / sum) * 2 ** weightBits;
      weights[i * stride + k] = Math.trunc(scaled + (scaled < 0 ? -0.5 : 0.5));
    }
    start[i] = first;
    count[i] = taps;
  }
  return { start, count, weights, stride };
}
