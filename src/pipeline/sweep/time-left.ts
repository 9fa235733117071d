/** How long the rest of a sweep takes, from what its learners took so far. */

export interface TimedCell {
  readonly learner: string;
  /** Work in any unit that is the same for all cells: rows times concepts. */
  readonly work: number;
}

export interface TimeLeft {
  /** A cell took so long. */
  took(cell: TimedCell, seconds: number): void;
  /**
   * Seconds until all are done with so many at once; null before anything is known. `running`: the
   * share that is done, and the seconds that it took.
   */
  estimate(
    waiting: readonly TimedCell[],
    running: readonly (TimedCell & { readonly done: number; readonly seconds: number })[],
    atOnce: number,
  ): number | null;
}

export function timeLeft(): TimeLeft {
  const all = "";
  const pace = new Map<string, { seconds: number; work: number }>();
  const expected = ({ learner, work }: TimedCell): number | null => {
    const known = pace.get(learner) ?? pace.get(all);
    return known === undefined ? null : (known.seconds / known.work) * work;
  };
  return {
    took({ learner, work }, seconds) {
      for (const name of [learner, all]) {
        const before = pace.get(name) ?? { seconds: 0, work: 0 };
        pace.set(name, { seconds: before.seconds + seconds, work: before.work + work });
      }
    },
    estimate(waiting, running, atOnce) {
      let total = 0;
      let longest = 0;
      let observed: number | null = null;
      for (const cell of running) {
        const whole = cell.done > 0.02 ? cell.seconds / cell.done : expected(cell);
        if (whole === null) return null;
        observed = Math.max(observed ?? 0, whole / cell.work);
        const left = Math.max(0, whole - cell.seconds);
        total += left;
        longest = Math.max(longest, left);
      }
      for (const cell of waiting) {
        const whole = expected(cell) ?? (observed === null ? null : observed * cell.work);
        if (whole === null) return null;
        total += whole;
        longest = Math.max(longest, whole);
      }
      return Math.max(longest, total / atOnce);
    },
  };
}
