/**
 * The numbers of concepts and sparsities of a learner's cells. A sparsity k is the learner's `k`, else
 * the L0 that it is steered to, else, where every concept is active on every row, its number of
 * concepts: so that whatever has a way to an L0 of k is compared at it.
 */
import type { Learner } from "../../learners/learner.ts";

export interface CellSize {
  /** null: the learner's own. */
  readonly concepts: string | null;
  /** null: the learner's own, or none. */
  readonly k: string | null;
  readonly options: Readonly<Record<string, string>>;
}

export interface Sizes {
  readonly sizes: readonly CellSize[];
  /** What of the grid does not apply, or means something else here, a line each. */
  readonly notes: readonly string[];
}

/** `concepts` and `k`: the grid's values; empty where it leaves them to the learner. */
export function sizesOf(
  learner: Learner,
  grid: { readonly concepts: readonly string[]; readonly k: readonly string[] },
  has: (option: string) => boolean,
  dimension: number,
): Sizes {
  const { name } = learner;
  const sparsity = has("k") ? "k" : has("targetL0") ? "targetL0" : null;
  const notes: string[] = [];
  if (!has("concepts") && grid.concepts.length > 0) {
    notes.push(`${name} has no option "concepts": it runs once for all values of concepts`);
  }
  const given = has("concepts") && grid.concepts.length > 0 ? grid.concepts : [null];
  if (grid.k.length === 0) return { sizes: given.map((concepts) => size(concepts, null)), notes };

  const activity = (concepts: string | null): ReturnType<NonNullable<Learner["activity"]>> =>
    learner.activity?.(concepts === null ? null : Number(concepts), dimension) ?? "some";
  const dense = given.filter((concepts) => activity(concepts) === "all");
  const asConcepts = dense.length === 0 ? [] : grid.k.filter((k) => activity(k) === "all");
  const sizes = asConcepts.map((k) => size(k, k));
  for (const concepts of given) {
    const isDense = dense.includes(concepts);
    if (isDense && concepts !== null) sizes.push(size(concepts, null));
    const steered = isDense ? grid.k.filter((k) => !asConcepts.includes(k)) : grid.k;
    if (sparsity !== null) sizes.push(...steered.map((k) => size(concepts, k, { [sparsity]: k })));
    else if (!isDense) sizes.push(size(concepts, null));
  }
  if (dense.length > 0) notes.push(denseNote(name, dense, given));
  else if (sparsity === null) {
    const what = given.some((concepts) => activity(concepts) === "one")
      ? "one concept active on every row"
      : "neither k nor a target L0";
    notes.push(`${name} has ${what}: it runs once for all values of k`);
  }
  return { sizes, notes };
}

function size(
  concepts: string | null,
  k: string | null,
  sparsity: Readonly<Record<string, string>> = {},
): CellSize {
  return { concepts, k, options: { ...(concepts === null ? {} : { concepts }), ...sparsity } };
}

function denseNote(
  name: string,
  dense: readonly (string | null)[],
  given: readonly (string | null)[],
): string {
  const numbers = dense.filter((concepts) => concepts !== null).join(", ");
  const where = dense.length < given.length ? ` at ${numbers} concepts` : "";
  const besides = numbers === "" ? "" : `; ${numbers} concepts run besides, without k`;
  return `${name} has every concept active on every row${where}: k means as many concepts${besides}`;
}
