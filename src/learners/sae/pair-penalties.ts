/**
 * Penalties on the codes u_p (images) and v_p (texts) of P matched rows, with their gradients.
 *
 *   alignment   A = (1/P)·Σ_p (1 − cos(u′_p, v′_p)), where u′ and v′ lack the strongest concept of
 *               u and that of v (those carry the modality rather than what the pair shares);
 *   iso-energy  I = Σ_j (E_j − F_j)² / Σ_j (E_j + F_j)², E_j = (1/P)·Σ_p u_pj², F_j likewise of v.
 *
 * Dhimoïla, Fel, Boutin & Picard, arXiv 2602.06218. Gradients reach active codes alone.
 */
import type { SparseCodes } from "../../base/sparse-codes.ts";

export interface PairWeights {
  readonly alignment: number;
  readonly isoEnergy: number;
  /** Whether u′ and v′ lack the strongest concepts; otherwise they are u and v. */
  readonly leaveStrongest: boolean;
}

export interface PairPenalties {
  /** A, unweighted. */
  readonly alignment: number;
  /** I, unweighted. */
  readonly isoEnergy: number;
}

/**
 * The last 2P rows of `codes` are the pairs, images first; the weighted gradients are added to
 * `gradients`, entry by entry.
 */
export function pairPenalties(
  codes: SparseCodes,
  pairs: number,
  weights: PairWeights,
  gradients: Float32Array,
): PairPenalties {
  const images = codes.rows - 2 * pairs;
  let alignment = 0;
  for (let p = 0; p < pairs; p++) {
    alignment += alignPair(codes, images + p, images + pairs + p, weights, pairs, gradients);
  }
  return { alignment: alignment / pairs, isoEnergy: equalise(codes, images, pairs, weights, gradients) };
}

/** 1 − cos of one pair. */
function alignPair(
  { rowStart, concept, value }: SparseCodes,
  image: number,
  text: number,
  { alignment, leaveStrongest }: PairWeights,
  pairs: number,
  gradients: Float32Array,
): number {
  const left = leaveStrongest ? [strongest(image), strongest(text)] : [];
  const kept = (e: number): boolean => !left.includes(concept[e]);
  let [dot, squareU, squareV] = [0, 0, 0];
  for (let e = rowStart[image]; e < rowStart[image + 1]; e++) if (kept(e)) squareU += value[e] ** 2;
  for (let f = rowStart[text]; f < rowStart[text + 1]; f++) if (kept(f)) squareV += value[f] ** 2;
  forShared((e, f) => {
    dot += value[e] * value[f];
  });
  if (squareU === 0 || squareV === 0) return 1;
  const norms = Math.sqrt(squareU * squareV);
  const cosine = dot / norms;
  // ∂(1 − cos)/∂u = cos·u/‖u‖² − v/(‖u‖‖v‖), and the same for v.
  const scale = alignment / pairs;
  for (let e = rowStart[image]; e < rowStart[image + 1]; e++) {
    if (kept(e)) gradients[e] += (scale * cosine * value[e]) / squareU;
  }
  for (let f = rowStart[text]; f < rowStart[text + 1]; f++) {
    if (kept(f)) gradients[f] += (scale * cosine * value[f]) / squareV;
  }
  forShared((e, f) => {
    gradients[e] -= (scale * value[f]) / norms;
    gradients[f] -= (scale * value[e]) / norms;
  });
  return 1 - cosine;

  function strongest(row: number): number {
    let best = -1;
    for (let e = rowStart[row]; e < rowStart[row + 1]; e++) if (best < 0 || value[e] > value[best]) best = e;
    return best < 0 ? -1 : concept[best];
  }

  /** Entries of both rows that belong to one concept; concepts ascend within a row. */
  function forShared(visit: (e: number, f: number) => void): void {
    let f = rowStart[text];
    for (let e = rowStart[image]; e < rowStart[image + 1]; e++) {
      while (f < rowStart[text + 1] && concept[f] < concept[e]) f++;
      if (f < rowStart[text + 1] && concept[f] === concept[e] && kept(e)) visit(e, f);
    }
  }
}

/** I, over all pairs. */
function equalise(
  { rowStart, concept, value, concepts }: SparseCodes,
  images: number,
  pairs: number,
  { isoEnergy }: PairWeights,
  gradients: Float32Array,
): number {
  const energy = { image: new Float64Array(concepts), text: new Float64Array(concepts) };
  const [start, middle, end] = [rowStart[images], rowStart[images + pairs], rowStart[images + 2 * pairs]];
  for (let e = start; e < middle; e++) energy.image[concept[e]] += value[e] ** 2 / pairs;
  for (let e = middle; e < end; e++) energy.text[concept[e]] += value[e] ** 2 / pairs;
  let difference = 0;
  let sum = 0;
  for (let j = 0; j < concepts; j++) {
    difference += (energy.image[j] - energy.text[j]) ** 2;
    sum += (energy.image[j] + energy.text[j]) ** 2;
  }
  if (sum === 0) return 0;
  const ratio = difference / sum;
  for (let e = start; e < end; e++) {
    const [E, F] = [energy.image[concept[e]], energy.text[concept[e]]];
    const sign = e < middle ? 1 : -1;
    // ∂I/∂E = 2(E − F)/Σ(E + F)² − I·2(E + F)/Σ(E + F)², and ∂E/∂u = 2u/P.
    const slope = (2 * sign * (E - F) - 2 * ratio * (E + F)) / sum;
    gradients[e] += (isoEnergy * slope * 2 * value[e]) / pairs;
  }
  return ratio;
}
