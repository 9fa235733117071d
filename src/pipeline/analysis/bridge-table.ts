/**
 * All bridges with both nulls, and rows for those worth showing: the strongest of every concept in
 * both directions and all significant ones.
 */
import type { PairTable } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import { benjaminiHochberg } from "../../metrics/benjamini-hochberg.ts";
import { isSignificant } from "../../metrics/bridge-significance.ts";
import { bridges, bridgeSum, pairedInnerProduct, type Bridges } from "../../metrics/bridges.ts";
import { permutedDictionary } from "../../metrics/permuted-dictionary.ts";
import { shuffledPairing, type ShuffleReport } from "../../metrics/shuffled-pairing.ts";
import type { BridgeRow } from "../../protocol/analysis-tables.ts";
import { bridgeCounts, noBridges, type BridgeCounts } from "./bridge-counts.ts";

/** Rows for each image-side and for each text-side concept, beside the significant ones. */
const strongest = 24;

/** Every co-active pair of concepts: the entries of `found` with their nulls, one value each. */
export interface BridgeMatrix {
  readonly found: Bridges;
  readonly shuffleZ: Float64Array;
  readonly shuffleP: Float64Array;
  readonly shuffleQ: Float64Array;
  readonly permutedP: Float64Array;
  readonly permutedQ: Float64Array;
}

export interface BridgeTable {
  /** Null without pairs. */
  readonly matrix: BridgeMatrix | null;
  readonly counts: BridgeCounts;
  /** By image concept, then score, descending. */
  readonly byImage: readonly BridgeRow[];
  /** By text concept, then score, descending. */
  readonly byText: readonly BridgeRow[];
  readonly bridgeSum: number;
  readonly pairedInnerProduct: number;
  /** Concept pairs that are co-active on some pair, and all that could be. */
  readonly coactive: number;
  readonly candidates: number;
  /** Bridges with both q-values below 0.05 and a positive score. */
  readonly significant: number;
  readonly shuffleNull: ShuffleReport | null;
}

export async function bridgeTable(
  backend: Backend,
  codes: { readonly image: SparseCodes; readonly text: SparseCodes },
  pairs: PairTable,
  atoms: Float32Array,
  dimension: number,
  seed: number,
): Promise<BridgeTable> {
  if (pairs.image.length === 0) {
    return {
      matrix: null,
      counts: noBridges(codes.image.concepts),
      byImage: [],
      byText: [],
      bridgeSum: NaN,
      pairedInnerProduct: NaN,
      coactive: 0,
      candidates: 0,
      significant: 0,
      shuffleNull: null,
    };
  }
  const found = bridges(codes.image, codes.text, pairs, atoms, dimension);
  const shuffled = shuffledPairing(found, codes.image, codes.text, pairs, { seed });
  const { candidates } = shuffled;
  const shuffleQ = benjaminiHochberg(shuffled.p, candidates);
  const permutedP = await permutedDictionary(
    backend,
    found,
    shuffled.z,
    shuffled.imageConcepts,
    shuffled.textConcepts,
    atoms,
    dimension,
  );
  const permutedQ = benjaminiHochberg(permutedP, candidates);
  const significant = Uint8Array.from(found.score, (score, e) =>
    isSignificant({ score, shuffleQ: shuffleQ[e]!, permutedQ: permutedQ[e]! }) ? 1 : 0,
  );
  const row = (e: number): BridgeRow => ({
    imageConcept: found.imageConcept[e]!,
    textConcept: found.textConcept[e]!,
    coactivation: found.coactivation[e]!,
    cosine: found.cosine[e]!,
    score: found.score[e]!,
    pairs: found.together[e]!,
    shuffleZ: shuffled.z[e]!,
    shuffleP: shuffled.p[e]!,
    shuffleQ: shuffleQ[e]!,
    permutedP: permutedP[e]!,
    permutedQ: permutedQ[e]!,
  });
  const kept = worthShowing(found, significant);
  const byScore = (a: BridgeRow, b: BridgeRow): number => b.score - a.score;
  return {
    matrix: { found, shuffleZ: shuffled.z, shuffleP: shuffled.p, shuffleQ, permutedP, permutedQ },
    counts: bridgeCounts(found, significant),
    byImage: kept
      .map(row)
      .sort((a, b) => a.imageConcept - b.imageConcept || byScore(a, b) || a.textConcept - b.textConcept),
    byText: kept
      .map(row)
      .sort((a, b) => a.textConcept - b.textConcept || byScore(a, b) || a.imageConcept - b.imageConcept),
    bridgeSum: bridgeSum(found),
    pairedInnerProduct: pairedInnerProduct(codes.image, codes.text, pairs, atoms, dimension),
    coactive: found.score.length,
    candidates,
    significant: significant.reduce((sum, one) => sum + one, 0),
    shuffleNull: shuffled.report,
  };
}

/** Entries that are significant, or among the strongest of their image-side or of their text-side concept. */
function worthShowing(found: Bridges, significant: Uint8Array): number[] {
  const order = Array.from(found.score.keys()).sort((a, b) => found.score[b]! - found.score[a]! || a - b);
  const taken = { image: new Uint32Array(found.concepts), text: new Uint32Array(found.concepts) };
  const kept: number[] = [];
  for (const e of order) {
    const i = found.imageConcept[e]!;
    const j = found.textConcept[e]!;
    const first = taken.image[i]!++ < strongest;
    const second = taken.text[j]!++ < strongest;
    if (first || second || significant[e] === 1) kept.push(e);
  }
  return kept;
}
