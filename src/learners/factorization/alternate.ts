/** Turns of an alternating factorisation until its error falls no further, with what every one logs. */
import { stepReporter, stopIfAsked, type Observed } from "./report-step.ts";

export interface AlternateConfig {
  /** Turns at most. */
  readonly iterations: number;
  /** The fall of the squared error in one turn, as a share of the error after the first, that ends it; 0: never. */
  readonly tolerance: number;
}

/** `turn` improves both factors and gives Σ(x − x̂)². */
export async function alternate(
  turn: () => Promise<number>,
  rows: number,
  { iterations, tolerance }: AlternateConfig,
  context: Observed,
): Promise<{ steps: number; ended: "converged" | "completed" }> {
  const report = stepReporter(context, iterations);
  let first = 0;
  let before = Infinity;
  for (let step = 1; step <= iterations; step++) {
    stopIfAsked(context, step - 1, iterations);
    const error = await turn();
    report(step, error / rows);
    if (step === 1) first = error;
    else if (before - error < tolerance * first) return { steps: step, ended: "converged" };
    before = error;
  }
  return { steps: iterations, ended: "completed" };
}
