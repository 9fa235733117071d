/** Mean and standard deviation over repeated runs, and how they are written. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation (n − 1); NaN for a single value. */
  readonly deviation: number;
  readonly count: number;
}

/** Values that are not finite are left out. */
export function spread(values: Iterable<number>): Spread {
  const kept = [...values].filter(Number.isFinite);
  const count = kept.length;
  const mean = count === 0 ? NaN : kept.reduce((sum, value) => sum + value, 0) / count;
  const squares = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: count < 2 ? NaN : Math.sqrt(squares / (count - 1)), count };
}

/** "0.824 ± 0.002", without the second part for a single run. */
export function written({ mean, deviation }: Spread, digits = 3): string {
  if (Number.isNaN(mean)) return "–";
  return Number.isNaN(deviation)
    ? mean.toFixed(digits)
    : `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}

/** "62.1 ± 0.4 %" of a share in [0, 1]. */
export function writtenPercent({ mean, deviation, count }: Spread): string {
  return `${written({ mean: 100 * mean, deviation: 100 * deviation, count }, 1)} %`;
}

/** Said once at the end of a finding. */
export function uncertainty(most: number): string {
  return most < 2
    ? "Every figure is of a single run; nothing is known about how much another seed would change it."
    : "Figures are means ± one standard deviation over seeds where there is more than one.";
}
