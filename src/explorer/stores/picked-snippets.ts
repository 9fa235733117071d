/** Programs that read picked concepts from a study's own files. */

export interface PickedInStudy {
  /** The study's name; the reader puts the folder's path in its place. */
  study: string;
  dictionary: string;
  concepts: readonly number[];
  /** By concept, where it has one. */
  names: ReadonlyMap<number, string>;
}

/** Needs numpy and safetensors. */
export function pythonSnippet(picked: PickedInStudy): string {
  return `# ${about(picked, "#")}
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

study = Path(${quoted(picked.study)})  # the study's folder
folder = study / "dictionaries" / ${quoted(picked.dictionary)}
concepts = np.array([${wrapped(picked.concepts)}])
${namesIn(picked, "names = {", "}  # by concept")}
# Atoms: one row of unit length for each concept, the same for pictures and captions.
files = ["sae_weights.safetensors", "image/sae_weights.safetensors", "dictionary.safetensors"]
weights = load_file(next(folder / file for file in files if (folder / file).exists()))
atoms = weights["W_dec" if "W_dec" in weights else "atoms"][concepts]

# Activations: rows x concepts, the pictures' rows first, then those of the captions.
codes = load_file(folder / "analysis" / "codes.safetensors")
starts = codes["row_start"].astype(np.int64)
rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
place = np.full(int(max(codes["concept"].max(initial=0), concepts.max())) + 1, -1)
place[concepts] = np.arange(len(concepts))
columns = place[codes["concept"]]
kept = columns >= 0
activations = np.zeros((len(starts) - 1, len(concepts)), np.float32)
activations[rows[kept], columns[kept]] = codes["value"][kept]

for concept, atom, active in zip(concepts, atoms, (activations != 0).sum(axis=0)):
    print(concept, names.get(int(concept), ""), "active on", active, "rows; atom", atom[:4], "...")
`;
}

/** Needs the viaduct package and Node. */
export function typescriptSnippet(picked: PickedInStudy): string {
  return `// ${about(picked, "//")}
import { openDictionary } from "viaduct";

const study = ${quoted(picked.study)}; // the study's folder
const concepts = [${wrapped(picked.concepts)}];
${namesIn(picked, "const names: Record<number, string> = {", "}; // by concept")}
const { dictionary } = await openDictionary(study, ${quoted(picked.dictionary)});

for (const concept of concepts) {
  // One row of unit length for each concept, the same for pictures and captions.
  const atom = dictionary.atoms.subarray(concept * dictionary.dimension, (concept + 1) * dictionary.dimension);
  console.log(concept, names[concept] ?? "", atom.slice(0, 4));
}
`;
}

function about({ concepts, dictionary, study }: PickedInStudy, comment: string): string {
  const line = `${concepts.length} of the concepts of dictionary ${dictionary} in the study ${study}`;
  return line.replace(/[\r\n\u2028\u2029]+/g, `\n${comment} `);
}

/** A text as both languages write it. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f\u2028\u2029]/g, escaped);
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Lines of at most about 100 characters. */
function wrapped(concepts: readonly number[]): string {
  const text = concepts.join(", ");
  return text.length < 70 ? text : `\n  ${text.replace(/(.{80}\d*,) /g, "$1\n  ")},\n`;
}

function namesIn({ concepts, names }: PickedInStudy, open: string, close: string): string {
  const named = concepts.flatMap((concept) => {
    const name = names.get(concept);
    return name === undefined ? [] : [`  ${concept}: ${quoted(name)},\n`];
  });
  return `${open}${named.length === 0 ? "" : `\n${named.join("")}`}${close}\n`;
}
