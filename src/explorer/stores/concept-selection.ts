/** Which concepts pass the filters, in which order. Pure: columns and texts in, concept numbers out. */
import { isDead, type ConceptColumn, type ConceptColumns } from "../data/concept-columns.ts";

/** A least and a greatest value, both included. */
export type Range = readonly [number, number];

/** What ranges are about: the column whose values must lie within. */
export const rangeColumns = {
  modality: "modalityScore",
  energy: "energy",
  frequency: "frequency",
  stability: "stability",
  bridges: "bridges",
} as const;

export type RangeName = keyof typeof rangeColumns;
export type RangeColumn = (typeof rangeColumns)[RangeName];

export const rangeNames = Object.keys(rangeColumns) as RangeName[];

export interface ConceptFilter extends Readonly<Record<RangeName, Range>> {
  /** Words of a caption or file name, or a concept's number. */
  text: string;
  /** Whether concepts that are never active are listed. */
  dead: boolean;
}

export interface ConceptSort {
  column: ConceptColumn;
  descending: boolean;
}

/** Lets every living concept through. */
export const noFilter: ConceptFilter = {
  text: "",
  modality: [0, 1],
  energy: [0, Infinity],
  frequency: [0, Infinity],
  stability: [-1, 1],
  bridges: [0, Infinity],
  dead: false,
};

/** Whether a range keeps anything out; one that does keeps out concepts without a value. */
export function narrows(filter: ConceptFilter, name: RangeName): boolean {
  const [low, high] = filter[name];
  const [least, greatest] = noFilter[name];
  return low > least || high < greatest;
}

/** Ranges that narrow, all of them together with the texts and the dead: what `noFilter` takes away. */
export function isNarrowed(filter: ConceptFilter): boolean {
  return filter.text !== "" || filter.dead || rangeNames.some((name) => narrows(filter, name));
}

export const defaultSort: ConceptSort = { column: "energy", descending: true };

export interface ConceptSelection {
  /** Concepts that pass, sorted. */
  order: Uint32Array;
  /** 1 where concept j passes. */
  passes: Uint8Array;
}

/**
 * `textOf` gives what the text filter looks into; null while it is not known yet. `valuesOf` gives the
 * columns of ranges that narrow; null where the dictionary has none, and the range then means nothing.
 */
export function selectConcepts(
  columns: ConceptColumns,
  filter: ConceptFilter,
  sort: ConceptSort,
  textOf: (concept: number) => string | null,
  valuesOf: (column: RangeColumn) => Float64Array | null,
): ConceptSelection {
  const passes = new Uint8Array(columns.count);
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const number = /^#?\d+$/.test(filter.text.trim()) ? Number(filter.text.trim().replace("#", "")) : null;
  const ranges = rangeNames
    .filter((name) => narrows(filter, name))
    .flatMap((name) => {
      const values = valuesOf(rangeColumns[name]);
      return values === null ? [] : [{ values, low: filter[name][0], high: filter[name][1] }];
    });
  let selected = 0;
  for (let j = 0; j < columns.count; j++) {
    const pass =
      (isDead(columns, j)
        ? filter.dead && ranges.length === 0
        : ranges.every(({ values, low, high }) => values[j]! >= low && values[j]! <= high)) &&
      (words.length === 0 || j === number || contains(textOf(j), words));
    passes[j] = pass ? 1 : 0;
    selected += passes[j]!;
  }
  const order = new Uint32Array(selected);
  let next = 0;
  for (let j = 0; j < columns.count; j++) if (passes[j] === 1) order[next++] = j;
  return { order: sortConcepts(order, columns[sort.column], sort.descending), passes };
}

function contains(text: string | null, words: readonly string[]): boolean {
  return text !== null && words.every((word) => text.includes(word));
}

/** In place; concepts without a value come last in both directions, equal ones by number. */
function sortConcepts(order: Uint32Array, values: Float64Array, descending: boolean): Uint32Array {
  const sign = descending ? -1 : 1;
  return order.sort((a, b) => {
    const left = values[a]!;
    const right = values[b]!;
    if (Number.isNaN(left) || Number.isNaN(right)) {
      return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || a - b;
    }
    return sign * (left - right) || a - b;
  });
}

/** The same without concepts that were not picked. */
export function amongPicked(
  { order, passes }: ConceptSelection,
  isPicked: (concept: number) => boolean,
): ConceptSelection {
  return {
    order: order.filter(isPicked),
    passes: passes.map((pass, j) => (pass === 1 && isPicked(j) ? 1 : 0)),
  };
}
