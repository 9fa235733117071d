/**
 * What prefixes of finished dictionaries reconstruct by themselves: R² and L0 over all rows and
 * over the held-out ones, using the first m concepts alone.
 *
 * node bench/prefixes.ts <set> <study> <dictionary>… [--widths 256,512,1024,2048,4096]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Dictionary, ModalityBiases } from "../src/learners/dictionary.ts";
import { openSplit, readDictionary } from "../src/pipeline/dictionary-folder.ts";
import { openEmbeddingSet } from "../src/pipeline/embedding-set.ts";
import { measureReconstruction } from "../src/pipeline/reconstruction.ts";
import { createCpuBackend } from "../src/platform/node/cpu-backend.ts";
import { studyLayout } from "../src/protocol/study-layout.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { widths: { type: "string", default: "256,512,1024,2048,4096" } },
});
const [setPath, study, ...names] = positionals;
if (setPath === undefined || study === undefined || names.length === 0) {
  throw new Error("node bench/prefixes.ts <set> <study> <dictionary>… [--widths 256,512]");
}

function prefixOf(dictionary: Dictionary, width: number): Dictionary {
  const { dimension: d, biases, activation } = dictionary;
  const cut = (bias: ModalityBiases): ModalityBiases => ({
    ...bias,
    encoderBias: bias.encoderBias.subarray(0, width),
  });
  return {
    ...dictionary,
    concepts: width,
    atoms: dictionary.atoms.subarray(0, width * d),
    encoder: dictionary.encoder.subarray(0, width * d),
    biases: { image: cut(biases.image), text: cut(biases.text) },
    activation:
      activation.kind === "jumprelu"
        ? { kind: "jumprelu", thresholds: activation.thresholds.subarray(0, width) }
        : activation,
  };
}

const backend = await createCpuBackend();
const set = await openEmbeddingSet(setPath);
for (const name of names) {
  const dictionary = await readDictionary(join(study, studyLayout.dictionary(name).root));
  const split = await openSplit(study, name);
  for (const width of values.widths.split(",").map(Number)) {
    const prefix = prefixOf(dictionary, width);
    const { metrics } = await measureReconstruction(prefix, set.embeddings, split, backend);
    const figures = [metrics.all, metrics.heldOut].map(
      (of) => `${of?.r2?.toFixed(3)} at L0 ${of?.activePerSample.toFixed(2)}`,
    );
    console.log(`${name}, first ${width}: R² ${figures[0]}; held out ${figures[1]}`);
  }
}
await set.close();
await backend.close();
