/** Concepts of two dictionaries beside each other: pairs that are alike, and what only one of them has. Pure. */

export const pairLists = ["matched", "only-first", "only-second"] as const;
export type PairList = (typeof pairLists)[number];

export const pairOrders = ["energy", "most-alike", "least-alike"] as const;
export type PairOrder = (typeof pairOrders)[number];

export interface ConceptPair {
  /** Concept of the first dictionary and of the second; null: it has none. */
  readonly first: number | null;
  readonly second: number | null;
  /** Null where nothing was matched. */
  readonly cosine: number | null;
}

interface Sides {
  /** c: the concept of the second dictionary that each of the first was matched with, and the cosine; NaN without one. */
  readonly match: ArrayLike<number>;
  readonly cosine: ArrayLike<number>;
  /** Energies; 0 for a concept that is never active, which belongs into no list. */
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

/** Pairs with a cosine of at least `from`, and the concepts that have no such pair (with the less alike one they were matched with). */
export function conceptPairs(
  { match, cosine, first, second }: Sides,
  from: number,
): Record<PairList, ConceptPair[]> {
  const lists: Record<PairList, ConceptPair[]> = { matched: [], "only-first": [], "only-second": [] };
  const paired = new Map<number, ConceptPair>();
  for (let j = 0; j < match.length; j++) {
    const known = !Number.isNaN(match[j]!);
    const pair = { first: j, second: known ? match[j]! : null, cosine: known ? cosine[j]! : null };
    const living = first[j]! > 0;
    const other = known && second[match[j]!]! > 0;
    if (known) paired.set(match[j]!, pair);
    if (known && cosine[j]! >= from) {
      if (living || other) lists.matched.push(pair);
    } else if (living) lists["only-first"].push(pair);
  }
  for (let j = 0; j < second.length; j++) {
    if (!(second[j]! > 0)) continue;
    const pair = paired.get(j) ?? { first: null, second: j, cosine: null };
    if (!(pair.cosine !== null && pair.cosine >= from)) lists["only-second"].push(pair);
  }
  return lists;
}

/** By the energy of the first concept (of the second in the list of those that only it has), or by cosine; those without one last. */
export function orderedPairs(
  pairs: readonly ConceptPair[],
  order: PairOrder,
  list: PairList,
  { first, second }: Pick<Sides, "first" | "second">,
): ConceptPair[] {
  const energy = (pair: ConceptPair): number =>
    (list === "only-second" ? second[pair.second ?? -1] : first[pair.first ?? -1]) ?? 0;
  const sign = order === "least-alike" ? 1 : -1;
  return pairs.toSorted((a, b) => {
    if (order === "energy") return energy(b) - energy(a);
    if (a.cosine === null || b.cosine === null) return Number(a.cosine === null) - Number(b.cosine === null);
    return sign * (a.cosine - b.cosine);
  });
}
