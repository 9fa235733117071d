/** The means of what the steps gave since the last row of history, and that row. */
import type { HistoryRow } from "../learner.ts";
import type { StepResult } from "./step.ts";

/** Sums over steps; part of every checkpoint. */
export interface TrackedNumbers {
  steps: number;
  loss: number;
  auxiliarySteps: number;
  auxiliaryLoss: number;
  active: number;
  gradientNorm: number;
}

export function freshNumbers(): TrackedNumbers {
  return { steps: 0, loss: 0, auxiliarySteps: 0, auxiliaryLoss: 0, active: 0, gradientNorm: 0 };
}

export function track(numbers: TrackedNumbers, result: StepResult): void {
  numbers.steps++;
  numbers.loss += result.loss;
  if (!Number.isNaN(result.auxiliaryLoss)) {
    numbers.auxiliarySteps++;
    numbers.auxiliaryLoss += result.auxiliaryLoss;
  }
  numbers.active += result.activePerSample;
  if (!Number.isNaN(result.gradientNorm)) numbers.gradientNorm += result.gradientNorm;
}

export interface LoggedMoment {
  /** Steps done. */
  readonly step: number;
  readonly batch: number;
  readonly trainRows: number;
  readonly rate: number;
  readonly deadFraction: number;
  /** Mean squared distance of prepared training rows from their mean: what `batchR2` divides by. */
  readonly variance: number;
  readonly clipped: boolean;
  readonly values: Readonly<Record<string, number>>;
  /** NaN at moments without an evaluation. */
  readonly r2: number;
  readonly heldOutR2: number;
  readonly heldOutActivePerSample: number;
}

/**
 * Every row has the same keys; what was not measured is NaN. `loss`, `auxiliaryLoss`, `batchR2`
 * and `activePerSample` are means over the training batches since the last row; `r2` is over the
 * evaluation rows (held out, or a sample of training rows where none are) and pooled.
 */
export function historyRow(numbers: TrackedNumbers, at: LoggedMoment): HistoryRow {
  const { steps } = numbers;
  const rowsSeen = at.step * at.batch;
  return {
    step: at.step,
    epoch: rowsSeen / at.trainRows,
    rowsSeen,
    loss: numbers.loss / steps,
    auxiliaryLoss: numbers.auxiliarySteps === 0 ? NaN : numbers.auxiliaryLoss / numbers.auxiliarySteps,
    batchR2: 1 - numbers.loss / steps / at.variance,
    activePerSample: numbers.active / steps,
    deadFraction: at.deadFraction,
    lr: at.rate,
    gradientNorm: at.clipped ? numbers.gradientNorm / steps : NaN,
    ...at.values,
    r2: at.r2,
    heldOutR2: at.heldOutR2,
    heldOutActivePerSample: at.heldOutActivePerSample,
  };
}
