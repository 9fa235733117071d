/** Which concepts pass the filters, in which order. Pure: columns and texts in, concept numbers out. */
import { isDead, type ConceptColumn, type ConceptColumns } from "../data/concept-columns.ts";

export interface ConceptFilter {
  /** Words of a caption or file name, or a concept's number. */
  text: string;
  /** Least and greatest modality score; [0, 1] lets everything through. */
  modality: readonly [number, number];
  /** Least energy. */
  energy: number;
  /** Whether concepts that are never active are listed. */
  dead: boolean;
}

export interface ConceptSort {
  column: ConceptColumn;
  descending: boolean;
}

export const noFilter: ConceptFilter = { text: "", modality: [0, 1], energy: 0, dead: false };
export const defaultSort: ConceptSort = { column: "energy", descending: true };

export interface ConceptSelection {
  /** Concepts that pass, sorted. */
  order: Uint32Array;
  /** 1 where concept j passes. */
  passes: Uint8Array;
}

/** `textOf` gives what the text filter looks into; null while it is not known yet. */
export function selectConcepts(
  columns: ConceptColumns,
  filter: ConceptFilter,
  sort: ConceptSort,
  textOf: (concept: number) => string | null,
): ConceptSelection {
  const passes = new Uint8Array(columns.count);
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const number = /^#?\d+$/.test(filter.text.trim()) ? Number(filter.text.trim().replace("#", "")) : null;
  const anyModality = filter.modality[0] <= 0 && filter.modality[1] >= 1;
  let selected = 0;
  for (let j = 0; j < columns.count; j++) {
    const score = columns.modalityScore[j]!;
    const pass =
      (isDead(columns, j)
        ? filter.dead && anyModality && filter.energy <= 0
        : columns.energy[j]! >= filter.energy &&
          (anyModality || (score >= filter.modality[0] && score <= filter.modality[1]))) &&
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
