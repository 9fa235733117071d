/** Codes as the kernels select them: one dense product and a selection (jumprelu, topk, relu). */
import type { Modality } from "../../base/rows.ts";
import type { Backend, Selection } from "../../kernels/backend.ts";
import type { Activation, Dictionary } from "../dictionary.ts";
import type { Coder } from "./coder.ts";

export type SelectingActivation = Extract<Activation, { kind: "jumprelu" | "topk" | "relu" }>;

export function selectingCoder(
  { dimension, concepts, encoder, biases }: Dictionary,
  activation: SelectingActivation,
  modality: Modality,
  backend: Backend,
  mostRows: number,
): Coder {
  const x = backend.floats(mostRows * dimension);
  const weights = backend.floats(concepts * dimension);
  const encoderBias = backend.floats(concepts);
  const thresholds = backend.floats(concepts);
  const codes = backend.codes(mostRows, concepts);
  backend.write(weights, encoder);
  backend.write(encoderBias, biases[modality].encoderBias);
  let selection: Selection;
  if (activation.kind === "jumprelu") {
    backend.write(thresholds, activation.thresholds);
    selection = { kind: "threshold", thresholds };
  } else if (activation.kind === "topk") selection = { kind: "topk", k: activation.k };
  else selection = { kind: "positive" };
  return {
    async encode(block, rows) {
      backend.write(x, block);
      await backend.encode({ x, rows, dimension, encoder: weights, encoderBias, concepts, selection, codes });
      return backend.readCodes(codes, rows);
    },
    free: () => backend.free(x, weights, encoderBias, thresholds, codes),
  };
}
