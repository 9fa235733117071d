/** Ends training when the evaluated R² has stopped rising. */
export interface PlateauState {
  /** null before the first evaluation (JSON knows no −∞). */
  readonly best: number | null;
  /** Evaluations since the best one. */
  readonly stale: number;
}

export const freshPlateau: PlateauState = { best: null, stale: 0 };

/** A gain of less than `plateau` over the best R² so far is none. */
export function observePlateau({ best, stale }: PlateauState, r2: number, plateau: number): PlateauState {
  return best === null || r2 >= best + plateau ? { best: r2, stale: 0 } : { best, stale: stale + 1 };
}

/** `patience` 0: training never ends early. */
export function reachedPlateau({ stale }: PlateauState, patience: number): boolean {
  return patience > 0 && stale >= patience;
}
