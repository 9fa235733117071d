/** The part of the address that every view has: what it is about and which concepts are listed. */
import type { ConceptColumn } from "../data/concept-columns.ts";
import {
  field,
  flag,
  index,
  name,
  span,
  spanFromZero,
  words,
  type Field,
  type Fields,
} from "./address-field.ts";
import {
  defaultSort,
  noFilter,
  rangeNames,
  type ConceptFilter,
  type ConceptSort,
} from "./concept-selection.ts";
import { pickedField, type Picked } from "./picked-concepts.ts";

export interface SharedAddress {
  /** Null: the study's first analysed dictionary. */
  dictionary: string | null;
  /** The selected concept. */
  concept: number | null;
  filter: ConceptFilter;
  sort: ConceptSort;
  picked: Picked;
  /** Whether only the picked concepts are listed. */
  onlyPicked: boolean;
}

const sortable = [
  "concept",
  "energy",
  "frequency",
  "imageFrequency",
  "textFrequency",
  "modalityScore",
  "maximum",
  "monosemanticity",
  "bridges",
] as const satisfies readonly ConceptColumn[];

const filterFields: Fields<ConceptFilter> = {
  text: words("q"),
  modality: span("modality", noFilter.modality),
  energy: spanFromZero("energy"),
  frequency: spanFromZero("frequency"),
  stability: span("stability", noFilter.stability),
  bridges: spanFromZero("bridges"),
  dead: flag("dead", "shown"),
};

const filter: Field<ConceptFilter> = {
  keys: Object.values(filterFields).flatMap(({ keys }) => keys),
  initial: noFilter,
  write(value, query) {
    filterFields.text.write(value.text, query);
    for (const name of rangeNames) filterFields[name].write(value[name], query);
    filterFields.dead.write(value.dead, query);
  },
  read: (query) => ({
    text: filterFields.text.read(query),
    modality: filterFields.modality.read(query),
    energy: filterFields.energy.read(query),
    frequency: filterFields.frequency.read(query),
    stability: filterFields.stability.read(query),
    bridges: filterFields.bridges.read(query),
    dead: filterFields.dead.read(query),
  }),
};

const sort: Field<ConceptSort> = field(
  "sort",
  defaultSort,
  (text) => {
    const column = sortable.find((one) => one === text.replace(/^-/, ""));
    return column === undefined ? null : { column, descending: text.startsWith("-") };
  },
  ({ column, descending }) => (descending ? "-" : "") + column,
);

export const sharedFields: Fields<SharedAddress> = {
  dictionary: name("dictionary"),
  concept: index("concept"),
  filter,
  sort,
  picked: pickedField,
  onlyPicked: flag("only", "picked"),
};
