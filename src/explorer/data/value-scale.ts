/** Values on a line from 0 to 1: evenly, by logarithm, or by that of one more. */
import { linearScale, logScale } from "../widgets/chart/scale.ts";
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

/** Round values within a scale, about `count` of them, for ticks. */
export function scaleTicks({ spread, low, high }: ValueScale, count: number): number[] {
  if (spread === "linear") return linearTicks(low, high, count);
  const start = spread === "count" ? Math.max(low, 1) : low;
  const zero = spread === "count" && low <= 0 ? [0] : [];
  if (!(start > 0) || !(high > start)) return zero.length > 0 ? zero : [low];
  return [...zero, ...logScale([start, high], [0, 1]).ticks(count - zero.length)];
}

export function linearTicks(low: number, high: number, count: number): number[] {
  return linearScale([low, Math.max(low, high)], [0, 1]).ticks(count);
}
