/** Turns of an alternating factorisation until its error falls no further, with what every one logs. */
import { ViaductError } from "../../base/errors.ts";
import type { FitContext } from "../learner.ts";

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
  { log, progress, signal }: Pick<FitContext, "log" | "progress" | "signal">,
): Promise<{ steps: number; ended: "converged" | "completed" }> {
  let first = 0;
  let before = Infinity;
  for (let step = 1; step <= iterations; step++) {
    if (signal?.aborted === true) {
      throw new ViaductError("cancelled", `training stopped at step ${step - 1} of ${iterations}`);
    }
    const error = await turn();
    const loss = error / rows;
    log({ step, loss });
    progress({ stage: "train", done: step, total: iterations, unit: "steps", values: { loss } });
    if (step === 1) first = error;
    else if (before - error < tolerance * first) return { steps: step, ended: "converged" };
    before = error;
  }
  return { steps: iterations, ended: "completed" };
}
