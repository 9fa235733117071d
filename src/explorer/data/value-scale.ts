/** Values on a line from 0 to 1: evenly, by logarithm, or by that of one more. */
import type { Spread } from "./column-facts.ts";

export interface ValueScale {
  readonly spread: Spread;
  /** Values at 0 and at 1. */
  readonly low: number;
  readonly high: number;
  /** Whether values lie beyond the two ends. */
  readonly below: boolean;
  readonly above: boolean;
  /** 0 to 1, the ends for what lies beyond them; NaN without a value. */
  positionOf(value: number): number;
  at(position: number): number;
}

export interface ScaleOptions {
  spread: Spread;
  range?: readonly [number, number];
  /** Share of the values that may lie beyond each end. Default 0. */
  beyond?: number;
}

/** Null when there is no value to lay out; a logarithm takes positive values only, others lie at 0. */
export function valueScale(
  values: ArrayLike<number>,
  { spread, range, beyond = 0 }: ScaleOptions,
): ValueScale | null {
  const least = spread === "log" ? Number.MIN_VALUE : -Infinity;
  const sorted = Float64Array.from(
    Array.from(values).filter((value) => Number.isFinite(value) && value >= least),
  ).sort();
  if (sorted.length === 0 && range === undefined) return null;
  const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  const [low, high] = range ?? [quantile(beyond), quantile(1 - beyond)];
  const laid = (value: number): number =>
    spread === "linear"
      ? value
      : spread === "log"
        ? Math.log(Math.max(value, low))
        : Math.log1p(Math.max(value, 0));
  const back = (place: number): number =>
    spread === "linear" ? place : spread === "log" ? Math.exp(place) : Math.expm1(place);
  const from = laid(low);
  const span = laid(high) - from;
  return {
    spread,
    low,
    high,
    below: sorted.length > 0 && sorted[0]! < low,
    above: sorted.length > 0 && sorted.at(-1)! > high,
    positionOf(value) {
      if (Number.isNaN(value)) return NaN;
      // All alike: the middle.
      if (!(span > 0)) return value < low ? 0 : value > high ? 1 : 0.5;
      return Math.min(1, Math.max(0, (laid(value) - from) / span));
    },
    at: (position) => (position <= 0 ? low : position >= 1 ? high : back(from + position * span)),
  };
}

/** Round values within a scale, `count` or fewer, for ticks. */
export function scaleTicks({ spread, low, high }: ValueScale, count: number): number[] {
  if (spread === "linear") return linearTicks(low, high, count);
  const start = spread === "count" ? Math.max(low, 1) : low;
  const ticks = spread === "count" && low <= 0 ? [0] : [];
  const room = count - ticks.length;
  if (!(start > 0) || !(high > start)) return ticks;
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const found = decadeTicks(start, high, steps);
    if (found.length <= room)
      return found.length < 2 ? [...ticks, ...linearTicks(start, high, room)] : [...ticks, ...found];
  }
  const powers = decadeTicks(start, high, [1]);
  const every = Math.ceil(powers.length / Math.max(1, room));
  return [...ticks, ...powers.filter((_, i) => i % every === 0)];
}

function decadeTicks(low: number, high: number, steps: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks;
}

/** Multiples of 1, 2 or 5 times a power of ten. */
export function linearTicks(low: number, high: number, count: number): number[] {
  if (!(high > low) || count < 1) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((size) => size >= rough * (1 - 1e-9))!;
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    ticks.push(Number((k * step).toPrecision(12)));
  }
  return ticks;
}
