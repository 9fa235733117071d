/**
 * The first null of bridges: whole images are dealt out anew to the sets of captions, so captions of
 * one image stay together. With G images, a_g the image's activation of concept i and s_g the sum of
 * its captions' activations of concept j, the co-activation Σ a_π(g)·s_g over a random π has mean
 * Σa·Σs/G and variance Σ(a−ā)²·Σ(s−s̄)²/(G−1) exactly (for one caption each this is E[z_i]·E[z_j] and
 * Var(z_i)·Var(z_j)/(N−1)), which gives every bridge a z-score without shuffling.
 *
 * Its normal tail is poor for rare concepts. So a few real shuffles are drawn and the z-scores of all
 * candidates (never co-active ones included) pooled over candidates of like expected number of images
 * on which both are active (by powers of 2). The p-value is the share of pooled shuffled z-scores that
 * reach the observed one, (1 + hits)/(1 + draws); from `normalFrom` expected images on, the normal tail.
 */
import { Random } from "../base/random.ts";
import type { PairTable } from "../base/rows.ts";
import { byConcept, type SparseCodes, type SparseColumns } from "../base/sparse-codes.ts";
import { eachCoactivation, gatherCodes } from "./coactivation.ts";
import type { Bridges } from "./bridges.ts";
import { normalTail } from "./normal-tail.ts";
import { captionSums, groupPairs } from "./pair-groups.ts";

export interface ShuffleNull {
  /** One value per bridge. */
  readonly z: Float64Array;
  readonly p: Float64Array;
  /** Pairs of an image-side and a text-side concept, each active somewhere in the pairs. */
  readonly candidates: number;
  /** Image-side and text-side concepts that are active in the pairs. */
  readonly imageConcepts: Uint32Array;
  readonly textConcepts: Uint32Array;
  readonly report: ShuffleReport;
}

export interface ShuffleReport {
  /** What was permuted: images with all their captions, or single pairs (one caption each). */
  readonly unit: "image" | "pair";
  readonly units: number;
  readonly shuffles: number;
  /** Shuffled z-scores at or above 3.09 against the normal tail's 0.001, by expected co-active images. */
  readonly bins: readonly {
    readonly expectedFrom: number;
    readonly expectedTo: number;
    readonly candidates: number;
    readonly draws: number;
    readonly exceedance: number;
    readonly pValuesFrom: "shuffles" | "normal";
  }[];
}

export interface ShuffleOptions {
  readonly seed: number;
  /** Default 20. */
  readonly shuffles?: number;
  /** Expected co-active images from which the normal tail is used. Default 32. */
  readonly normalFrom?: number;
}

/** Bins of expected co-active units: 2^(b − binOffset) ≤ expected < 2^(b − binOffset + 1). */
const binOffset = 24;
const binCount = 56;
/** z is binned as log2(1 + z) in steps of 1/128, up to 2^16. */
const zSteps = 128;
const zCount = 16 * zSteps;
/** Fewer draws than this are joined by those of rarer concepts, whose tails are heavier. */
const enoughDraws = 100_000;

export function shuffledPairing(
  found: Bridges,
  imageCodes: SparseCodes,
  textCodes: SparseCodes,
  pairs: PairTable,
  { seed, shuffles = 20, normalFrom = 32 }: ShuffleOptions,
): ShuffleNull {
  const groups = groupPairs(pairs);
  const units = groups.images.length;
  const left = byConcept(gatherCodes(imageCodes, groups.images));
  const right = captionSums(textCodes, pairs, groups);
  const image = unitMoments(left);
  const text = unitMoments(byConcept(right));
  const scoreOf = (sum: number, i: number, j: number): number => {
    const variance = (image.spread[i] * text.spread[j]) / (units - 1);
    return variance > 0 ? (sum - (image.sum[i] * text.sum[j]) / units) / Math.sqrt(variance) : 0;
  };
  const logUnits = Math.log2(units);
  const binOf = (i: number, j: number): number =>
    Math.max(
      0,
      Math.min(binCount - 1, Math.floor(image.logActive[i] + text.logActive[j] - logUnits) + binOffset),
    );

  const tails = Array.from({ length: binCount }, () => new Float64Array(zCount));
  const random = Random.of(seed, "shuffled pairing");
  for (let s = 0; s < shuffles; s++) {
    eachCoactivation(
      left,
      right,
      (i, columns, count, sums) => {
        for (let t = 0; t < count; t++) {
          const j = columns[t];
          tails[binOf(i, j)][zBin(scoreOf(sums[j], i, j))]++;
        }
      },
      random.permutation(units),
    );
  }
  for (const tail of tails) for (let b = zCount - 2; b >= 0; b--) tail[b] += tail[b + 1];

  const candidatesIn = countCandidates(image.active, text.active, units);
  const normalBin = Math.floor(Math.log2(normalFrom)) + binOffset;
  const size = found.score.length;
  const z = new Float64Array(size);
  const p = new Float64Array(size);
  for (let e = 0; e < size; e++) {
    const i = found.imageConcept[e];
    const j = found.textConcept[e];
    z[e] = scoreOf(found.coactivation[e] * found.pairs, i, j);
    const bin = binOf(i, j);
    p[e] = bin >= normalBin ? normalTail(z[e]) : pooledTail(tails, candidatesIn, shuffles, bin, z[e]);
  }
  const imageConcepts = present(image.active);
  const textConcepts = present(text.active);
  return {
    z,
    p,
    candidates: imageConcepts.length * textConcepts.length,
    imageConcepts,
    textConcepts,
    report: {
      unit: units === pairs.image.length ? "pair" : "image",
      units,
      shuffles,
      bins: Array.from(candidatesIn, (candidates, bin) => ({
        expectedFrom: 2 ** (bin - binOffset),
        expectedTo: 2 ** (bin - binOffset + 1),
        candidates,
        draws: candidates * shuffles,
        exceedance: tails[bin][zBin(3.0902)] / (candidates * shuffles),
        pValuesFrom: bin >= normalBin ? ("normal" as const) : ("shuffles" as const),
      })).filter((bin) => bin.candidates > 0),
    },
  };
}

function zBin(z: number): number {
  return z <= 0 ? 0 : Math.min(zCount - 1, Math.floor(Math.log2(1 + z) * zSteps));
}

function pooledTail(
  tails: readonly Float64Array[],
  candidates: Float64Array,
  shuffles: number,
  bin: number,
  z: number,
): number {
  if (z <= 0) return 1;
  const at = zBin(z);
  let hits = 0;
  let draws = 0;
  for (let b = bin; b >= 0 && draws < enoughDraws; b--) {
    hits += tails[b][at];
    draws += candidates[b] * shuffles;
  }
  return (1 + hits) / (1 + draws);
}

interface UnitMoments {
  /** c: Σ over units */
  readonly sum: Float64Array;
  /** c: Σ (value − mean)² over units */
  readonly spread: Float64Array;
  readonly active: Uint32Array;
  readonly logActive: Float64Array;
}

function unitMoments(columns: SparseColumns): UnitMoments {
  const c = columns.concepts;
  const sum = new Float64Array(c);
  const spread = new Float64Array(c);
  const active = new Uint32Array(c);
  for (let i = 0; i < c; i++) {
    let squares = 0;
    for (let e = columns.conceptStart[i]; e < columns.conceptStart[i + 1]; e++) {
      sum[i] += columns.value[e];
      squares += columns.value[e] ** 2;
    }
    active[i] = columns.conceptStart[i + 1] - columns.conceptStart[i];
    spread[i] = Math.max(0, squares - sum[i] ** 2 / columns.rows);
  }
  return { sum, spread, active, logActive: Float64Array.from(active, (count) => Math.log2(count)) };
}

/** Number of candidates in every bin, by counting concepts of equal frequency together. */
function countCandidates(image: Uint32Array, text: Uint32Array, units: number): Float64Array {
  const out = new Float64Array(binCount);
  const logUnits = Math.log2(units);
  const texts = [...countByFrequency(text)];
  for (const [a, times] of countByFrequency(image)) {
    for (const [b, timesText] of texts) {
      const bin = Math.floor(Math.log2(a) + Math.log2(b) - logUnits) + binOffset;
      out[Math.max(0, Math.min(binCount - 1, bin))] += times * timesText;
    }
  }
  return out;
}

function countByFrequency(active: Uint32Array): Map<number, number> {
  const out = new Map<number, number>();
  for (const count of active) if (count > 0) out.set(count, (out.get(count) ?? 0) + 1);
  return out;
}

function present(active: Uint32Array): Uint32Array {
  return Uint32Array.from(Array.from(active.keys()).filter((i) => active[i] > 0));
}
