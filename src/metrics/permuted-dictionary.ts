/**
 * The second null of bridges: the atoms are permuted, those of either side among the concepts that are
 * active there in the pairs, so that every co-activation meets a cosine drawn at random. What is compared is
 * z⁺·cos, the co-activation as its z-score against shuffled pairing: with the co-activation itself a
 * few concepts that are active almost everywhere outweigh all others whatever their cosine.
 *
 * The p-value of a bridge is the share of all candidates whose permuted z⁺·cos reaches its own, expected
 * over all permutations (the one that changes nothing included, so it is never 0); never co-active
 * candidates score 0 and hit nothing, and a bridge without positive z⁺·cos has p = 1.
 *
 * Nothing is drawn: the distribution of z⁺·cos over all permutations is that of z⁺ convolved with that
 * of the candidates' cosines on a logarithmic scale (64 bins per doubling, rounded against the bridge).
 */
import type { Backend } from "../kernels/backend.ts";
import { eachCosineRow, gatherAtoms } from "./atom-cosines.ts";
import type { Bridges } from "./bridges.ts";

const perDoubling = 64;
/** Cosines below 2⁻¹⁶ are taken for 2⁻¹⁶. */
const lowestCosine = -16 * perDoubling;

/** `z` holds each bridge's z-score against shuffled pairing. */
export async function permutedDictionary(
  backend: Backend,
  found: Bridges,
  z: Float64Array,
  imageConcepts: Uint32Array,
  textConcepts: Uint32Array,
  atoms: Float32Array,
  dimension: number,
): Promise<Float64Array> {
  // Cosine 1, and what rounding puts above it, is the last bin.
  const positive = new Float64Array(1 - lowestCosine);
  await eachCosineRow(
    backend,
    gatherAtoms(atoms, imageConcepts, dimension),
    gatherAtoms(atoms, textConcepts, dimension),
    dimension,
    (_, cosines) => {
      for (let j = 0; j < cosines.length; j++) {
        const cosine = cosines[j];
        if (cosine > 0) positive[Math.max(0, Math.min(0, logBin(cosine)) - lowestCosine)]++;
      }
    },
  );
  const candidates = imageConcepts.length * textConcepts.length;
  const atLeast = permutedScores(z, positive, candidates);
  return Float64Array.from(found.cosine, (cosine, e) => {
    const score = Math.max(0, z[e]) * cosine;
    return score > 0 ? Math.min(1, atLeast(logBin(score)) / candidates) : 1;
  });
}

/** Expected number of permuted scores whose bin may reach a given one. */
function permutedScores(
  z: Float64Array,
  positive: Float64Array,
  candidates: number,
): (bin: number) => number {
  let low = Infinity;
  let high = -Infinity;
  for (let e = 0; e < z.length; e++) {
    if (!(z[e] > 0)) continue;
    low = Math.min(low, logBin(z[e]));
    high = Math.max(high, logBin(z[e]));
  }
  if (low > high) return () => 0;
  const counts = new Float64Array(high - low + 1);
  for (let e = 0; e < z.length; e++) if (z[e] > 0) counts[logBin(z[e]) - low]++;
  const hits = new Float64Array(counts.length + positive.length);
  for (let a = 0; a < counts.length; a++) {
    if (counts[a] === 0) continue;
    for (let b = 0; b < positive.length; b++) hits[a + b] += (counts[a] * positive[b]) / candidates;
  }
  for (let s = hits.length - 2; s >= 0; s--) hits[s] += hits[s + 1];
  // Both factors were rounded down, so a product may lie one bin above the sum of their bins.
  return (bin) => {
    const at = bin - 1 - low - lowestCosine;
    return at >= hits.length ? 0 : hits[Math.max(0, at)];
  };
}

function logBin(value: number): number {
  return Math.floor(Math.log2(value) * perDoubling);
}
