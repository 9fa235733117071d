/** Codes by matching pursuit; the Gram matrix of the atoms is computed once for all blocks where it fits. */
import type { Modality } from "../../base/rows.ts";
import type { Backend, Floats } from "../../kernels/backend.ts";
import type { Activation, Dictionary } from "../dictionary.ts";
import type { Coder } from "./coder.ts";

/** c x c float32 take 256 MiB. */
const mostGramConcepts = 8192;

export function pursuitCoder(
  { dimension, concepts, atoms, biases }: Dictionary,
  activation: Extract<Activation, { kind: "pursuit" }>,
  modality: Modality,
  backend: Backend,
  mostRows: number,
): Coder {
  const x = backend.floats(mostRows * dimension);
  const encoder = backend.floats(concepts * dimension);
  const encoderBias = backend.floats(concepts);
  const codes = backend.codes(mostRows, concepts);
  const held = [x, encoder, encoderBias, codes];
  backend.write(encoder, atoms);
  backend.write(encoderBias, biases[modality].encoderBias);
  let gram: Floats | undefined;
  const findGram = async (): Promise<Floats | undefined> => {
    if (gram || concepts > mostGramConcepts) return gram;
    gram = backend.floats(concepts * concepts);
    held.push(gram);
    await backend.product({ a: encoder, b: encoder, out: gram, m: concepts, n: concepts, k: dimension });
    return gram;
  };
  return {
    async encode(block, rows) {
      const known = await findGram();
      backend.write(x, block);
      const selection = { ...activation, ...(known && { gram: known }) };
      await backend.encode({ x, rows, dimension, encoder, encoderBias, concepts, selection, codes });
      return backend.readCodes(codes, rows);
    },
    free: () => backend.free(...held),
  };
}
