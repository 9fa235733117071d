/** The bridges worth keeping, with both nulls: the strongest of every concept in both directions. */
import type { PairTable } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import { benjaminiHochberg } from "../../metrics/benjamini-hochberg.ts";
import { bridges, bridgeSum, pairedInnerProduct, type Bridges } from "../../metrics/bridges.ts";
import { permutedDictionary } from "../../metrics/permuted-dictionary.ts";
import { shuffledPairing, type ShuffleReport } from "../../metrics/shuffled-pairing.ts";
import type { BridgeRow } from "../../protocol/analysis-tables.ts";

/** Bridges kept for each image-side and for each text-side concept. */
const strongest = 24;

export interface BridgeTable {
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
    shuffled.imageConcepts,
    shuffled.textConcepts,
    atoms,
    dimension,
  );
  const permutedQ = benjaminiHochberg(permutedP, candidates);
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
  let significant = 0;
  for (let e = 0; e < found.score.length; e++) {
    if (found.score[e]! > 0 && shuffleQ[e]! < 0.05 && permutedQ[e]! < 0.05) significant++;
  }
  const kept = strongestOf(found);
  const byScore = (a: BridgeRow, b: BridgeRow): number => b.score - a.score;
  return {
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
    significant,
    shuffleNull: shuffled.report,
  };
}

/** Entries among the strongest of their image-side or of their text-side concept. */
function strongestOf(found: Bridges): number[] {
  const order = Array.from(found.score.keys()).sort((a, b) => found.score[b]! - found.score[a]! || a - b);
  const taken = { image: new Uint32Array(found.concepts), text: new Uint32Array(found.concepts) };
  const kept: number[] = [];
  for (const e of order) {
    const i = found.imageConcept[e]!;
    const j = found.textConcept[e]!;
    const first = taken.image[i]!++ < strongest;
    const second = taken.text[j]!++ < strongest;
    if (first || second) kept.push(e);
  }
  return kept;
}
