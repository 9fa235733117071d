/** A dictionary of given directions: only the mean of the training rows is taken from the data. */
import type { EmbeddingRows } from "../../base/rows.ts";
import type { Activation } from "../dictionary.ts";
import { fold } from "../fold.ts";
import { jointRows } from "../joint-rows.ts";
import type { FitContext, Fitted } from "../learner.ts";
import { measurePreparation } from "../preparation.ts";
import { splitRows } from "../split.ts";
import type { FactorizationConfig } from "./options.ts";

export async function fixedDirections(
  data: EmbeddingRows,
  { concepts, center, heldOut, seed }: FactorizationConfig,
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
  const { centring, mean, scale } = preparation;
  log({ step: 0 });
  const zeros = { encoderBias: new Float32Array(concepts), decoderBias: new Float32Array(data.dimension) };
  const { atoms, encoder, activation } = given;
  return {
    dictionary: fold({ atoms, encoder, ...zeros }, activation, preparation),
    initialAtoms: null,
    split,
    preparation: { centring, mean, scale },
    steps: 0,
    ended: "completed",
    notes: [],
  };
}
