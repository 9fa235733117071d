/** What every step of an iterative factorisation does for its user: hears Ctrl-C, logs, reports progress. */
import { ViaductError } from "../../base/errors.ts";
import type { FitContext, HistoryRow } from "../learner.ts";

export type Observed = Pick<FitContext, "log" | "progress" | "signal">;

/** Throws `cancelled` once the user has asked to stop; `step` steps are done. */
export function stopIfAsked({ signal }: Pick<Observed, "signal">, step: number, most: number): void {
  if (signal?.aborted !== true) return;
  throw new ViaductError("cancelled", `training stopped at step ${step} of at most ${most}`);
}

/** To be called after each of at most `most` steps with its loss, and with what else the history keeps. */
export function stepReporter(
  context: Observed,
  most: number,
): (step: number, loss: number, others?: HistoryRow) => void {
  return (step, loss, others = {}) => {
    stopIfAsked(context, step, most);
    context.log({ step, loss, ...others });
    context.progress({ stage: "train", done: step, total: most, unit: "steps", values: { loss, ...others } });
  };
}
