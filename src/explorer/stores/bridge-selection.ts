/** Which bridges are listed, strongest first. Pure: columns in, row numbers of the bridge table out. */
import { isSignificant } from "../../metrics/bridge-significance.ts";
import type { ConceptColumns } from "../data/concept-columns.ts";
import type { BridgeColumns } from "../data/dictionary-tables.ts";

/**
 * What a bridge joins, by the modality scores of its ends: a concept of pictures (above 0.95) with one
 * of captions (below 0.05), exactly one such end with one that both use, or two that both use.
 */
export type BridgeKind = "all" | "single" | "half" | "bimodal";

export const bridgeKinds = ["all", "single", "half", "bimodal"] as const satisfies readonly BridgeKind[];

export interface BridgeFilter {
  /** Words of either end's name or examples, or a concept's number. */
  readonly text: string;
  readonly kind: BridgeKind;
  /** Leaves out bridges of a concept to itself. */
  readonly different: boolean;
  /** Positive score and both q-values below 0.05. */
  readonly significant: boolean;
  /** Least score; 0: all with a positive one. */
  readonly score: number;
  /** Greatest of the larger of both q-values; 1: all. */
  readonly q: number;
}

/** Scores in [0.05, 0.95] are of both modalities (arXiv 2602.06218). */
const bimodal = { least: 0.05, greatest: 0.95 };

/** `textOf` gives what the text filter looks into; null while it is not known yet. */
export function selectBridges(
  bridges: BridgeColumns,
  concepts: ConceptColumns,
  filter: BridgeFilter,
  textOf: (concept: number) => string | null,
): Uint32Array {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const number = /^#?\d+$/.test(filter.text.trim()) ? Number(filter.text.trim().replace("#", "")) : null;
  const named = (concept: number): boolean => {
    if (concept === number) return true;
    const text = textOf(concept);
    return text !== null && words.every((word) => text.includes(word));
  };
  const passing: number[] = [];
  for (let e = 0; e < bridges.count; e++) {
    const image = bridges.imageConcept[e]!;
    const text = bridges.textConcept[e]!;
    const score = bridges.score[e]!;
    if (!(score > 0) || score < filter.score) continue;
    if (filter.q < 1 && !(Math.max(bridges.shuffleQ[e]!, bridges.permutedQ[e]!) <= filter.q)) continue;
    if (filter.different && image === text) continue;
    if (filter.significant && !isSignificantRow(bridges, e)) continue;
    if (filter.kind !== "all" && kindOf(concepts, image, text) !== filter.kind) continue;
    if (words.length > 0 && !named(image) && !named(text)) continue;
    passing.push(e);
  }
  return Uint32Array.from(passing.sort((a, b) => bridges.score[b]! - bridges.score[a]! || a - b));
}

export function isSignificantRow(bridges: BridgeColumns, e: number): boolean {
  return isSignificant({
    score: bridges.score[e]!,
    shuffleQ: bridges.shuffleQ[e]!,
    permutedQ: bridges.permutedQ[e]!,
  });
}

/** Null for ends that are of one modality but not the one that the side says. */
export function kindOf(
  { modalityScore }: Pick<ConceptColumns, "modalityScore">,
  image: number,
  text: number,
): Exclude<BridgeKind, "all"> | null {
  const both = (concept: number): boolean =>
    modalityScore[concept]! >= bimodal.least && modalityScore[concept]! <= bimodal.greatest;
  if (both(image)) return both(text) ? "bimodal" : "half";
  if (both(text)) return "half";
  return modalityScore[image]! > bimodal.greatest && modalityScore[text]! < bimodal.least ? "single" : null;
}

/** Ends of the first `most` bridges of a list, in the order in which they come. */
export function endsOf(
  bridges: BridgeColumns,
  order: Uint32Array,
  most: number,
): { readonly image: readonly number[]; readonly text: readonly number[] } {
  const image = new Set<number>();
  const text = new Set<number>();
  for (const e of order.subarray(0, most)) {
    image.add(bridges.imageConcept[e]!);
    text.add(bridges.textConcept[e]!);
  }
  return { image: [...image], text: [...text] };
}

/**
 * Orders for two columns joined by lines, so that few cross: each end goes to the mean place of what
 * it is joined to, weighted by score, turn by turn.
 */
export function uncrossed(
  bridges: BridgeColumns,
  order: Uint32Array,
  most: number,
  turns = 8,
): { readonly image: readonly number[]; readonly text: readonly number[] } {
  const lines = Array.from(order.subarray(0, most), (e) => ({
    image: bridges.imageConcept[e]!,
    text: bridges.textConcept[e]!,
    weight: bridges.score[e]!,
  }));
  let { image, text } = endsOf(bridges, order, most);
  const settled = (
    ends: readonly number[],
    own: "image" | "text",
    other: "image" | "text",
    places: readonly number[],
  ): readonly number[] => {
    const place = new Map(places.map((concept, at) => [concept, at / Math.max(1, places.length - 1)]));
    const mean = new Map<number, number>();
    for (const concept of ends) {
      const joined = lines.filter((line) => line[own] === concept);
      const weight = joined.reduce((sum, line) => sum + line.weight, 0);
      mean.set(
        concept,
        joined.reduce((sum, line) => sum + line.weight * place.get(line[other])!, 0) / weight,
      );
    }
    return ends.toSorted((a, b) => mean.get(a)! - mean.get(b)! || a - b);
  };
  for (let turn = 0; turn < turns; turn++) {
    text = settled(text, "text", "image", image);
    image = settled(image, "image", "text", text);
  }
  return { image, text };
}
