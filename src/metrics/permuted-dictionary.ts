/**
 * The second null of bridges: the atoms of the text side are permuted among the concepts that are
 * active in the pairs, so a bridge keeps its co-activation and draws a cosine at random. Its p-value
 * is the share of cosines between image-side and text-side candidates that reach its own, pooled
 * over all candidates, (1 + hits)/(1 + candidates); a pair that is never co-active has score 0
 * whatever its cosine and counts as tested with p = 1.
 */
import type { Backend } from "../kernels/backend.ts";
import { eachCosineRow, gatherAtoms } from "./atom-cosines.ts";
import type { Bridges } from "./bridges.ts";

const bins = 1 << 16;

export async function permutedDictionary(
  backend: Backend,
  found: Bridges,
  imageConcepts: Uint32Array,
  textConcepts: Uint32Array,
  atoms: Float32Array,
  dimension: number,
): Promise<Float64Array> {
  const atLeast = new Float64Array(bins + 1);
  await eachCosineRow(
    backend,
    gatherAtoms(atoms, imageConcepts, dimension),
    gatherAtoms(atoms, textConcepts, dimension),
    dimension,
    (_, cosines) => {
      for (let j = 0; j < cosines.length; j++) atLeast[bin(cosines[j])]++;
    },
  );
  for (let b = bins - 1; b >= 0; b--) atLeast[b] += atLeast[b + 1];
  const total = atLeast[0];
  return Float64Array.from(found.cosine, (cosine) => (1 + atLeast[bin(cosine)]) / (1 + total));
}

function bin(cosine: number): number {
  return Math.max(0, Math.min(bins, Math.floor(((cosine + 1) / 2) * bins)));
}
