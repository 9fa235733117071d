/** From trained weights to a dictionary: read back, checked, folded, calibrated. */
import { badInput } from "../../base/errors.ts";
import { fold } from "../fold.ts";
import type { JointRows } from "../joint-rows.ts";
import type { FitContext, RowSplit } from "../learner.ts";
import { calibrate } from "./calibrate.ts";
import type { Calibrated } from "./calibrate.ts";
import type { StartedRun } from "./start.ts";

/** Fewer held-out rows than this would make the threshold a matter of chance. */
const enoughHeldOut = 256;

export interface Finished extends Calibrated {
  readonly calibratedOn?: "train" | "held-out";
}

/**
 * Unseen rows set the activation, so that the asked L0 is what new data get; the training rows where
 * too few are held out. Throws bad-input for weights that are not finite.
 */
export async function finish(
  { backend, progress, signal }: FitContext,
  source: JointRows,
  split: RowSplit,
  { parameters, preparation, run, state }: StartedRun,
): Promise<Finished> {
  const atoms = await backend.read(parameters.atoms.values);
  normaliseRows(atoms, parameters.dimension);
  const trained = {
    encoder: parameters.tied ? atoms : await backend.read(parameters.encoder.values),
    encoderBias: await backend.read(parameters.encoderBias.values),
    atoms,
    decoderBias: await backend.read(parameters.decoderBias.values),
  };
  const thresholds = await backend.read(parameters.thresholds.values);
  for (const weights of [...Object.values(trained), thresholds]) {
    if (!weights.every(Number.isFinite)) {
      throw badInput("training diverged at its last step; lower --lr or set --clip");
    }
  }
  const { weights, scales } = (await run.asJumpReLU?.(trained, backend)) ?? { weights: trained };
  const folded = fold(weights, run.activation(thresholds), preparation);
  progress({ stage: "calibrate", done: 0, total: 1, unit: "passes" });
  const calibratedOn = split.heldOut.length >= enoughHeldOut ? "held-out" : "train";
  const chosen = calibratedOn === "held-out" ? split.heldOut : split.train;
  const rows = { source, chosen, backend, ...(signal && { signal }), ...(scales && { scales }) };
  const calibrated = await calibrate(folded, run.calibration, state.cut / preparation.scale, rows);
  return run.calibration.by === "none" ? calibrated : { ...calibrated, calibratedOn };
}

/** Rounding in the optimiser leaves norms within 1e-6 of one; this leaves them within 1e-7. */
function normaliseRows(matrix: Float32Array, d: number): void {
  for (let at = 0; at < matrix.length; at += d) {
    let square = 0;
    for (let t = at; t < at + d; t++) square += matrix[t] * matrix[t];
    const norm = Math.sqrt(square);
    if (norm > 0) for (let t = at; t < at + d; t++) matrix[t] /= norm;
  }
}
