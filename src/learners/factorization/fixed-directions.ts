/** A dictionary of given directions: only the mean of the training rows is taken from the data. */
import type { EmbeddingRows } from "../../base/rows.ts";
import type { Activation } from "../dictionary.ts";
import { jointRows } from "../joint-rows.ts";
import type { FitContext, Fitted } from "../learner.ts";
import { measurePreparation } from "../preparation.ts";
import { splitRows } from "../split.ts";
import { finished } from "./finished.ts";
import type { FactorizationConfig } from "./options.ts";

export async function fixedDirections(
  data: EmbeddingRows,
  { center, heldOut, seed }: FactorizationConfig,
  { log }: FitContext,
  given: {
    /** c x d, rows of unit norm. */
    readonly atoms: Float32Array;
    /** c x d */
    readonly encoder: Float32Array;
    readonly activation: Activation;
  },
): Promise<Fitted> {
  const source = jointRows(data);
  const split = splitRows(source.rows, heldOut, seed);
  const preparation = await measurePreparation(source, split.train, center, false);
  log({ step: 0 });
  const from = { dimension: data.dimension, split, preparation };
  return finished(from, { ...given, steps: 0, ended: "completed" });
}
