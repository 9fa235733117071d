/** Linear warm-up, then a cosine to a share of the highest rate (arXiv 1608.03983 without restarts). */
export interface RateSchedule {
  readonly highest: number;
  readonly steps: number;
  /** Share of the steps in which the rate rises. */
  readonly warmup: number;
  /** The last rate as a share of the highest. */
  readonly final: number;
}

/** The rate of step `step`, counted from 0. */
export function learningRate({ highest, steps, warmup, final }: RateSchedule, step: number): number {
  const rising = warmup * steps;
  if (step + 1 < rising) return (highest * (step + 1)) / rising;
  const progress = Math.min(1, (step + 1 - rising) / Math.max(1, steps - rising));
  return highest * (final + (1 - final) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
