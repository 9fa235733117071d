/** One concept: `#/concept/12?band=middle`. */
import type { Band } from "../../../protocol/analysis-tables.ts";
import { oneOf, wholeNumber } from "../../stores/address-field.ts";
import type { View } from "../view.ts";
import { readExamples } from "./read-examples.ts";

export interface ConceptAddress {
  /** Which part of a concept's range its page shows. */
  band: Band;
}

export const conceptView: View<"concept", ConceptAddress> = {
  name: "concept",
  title: "Concept",
  icon: "list",
  navigation: { under: "concepts" },
  key: null,
  needs: "dictionary",
  tables: ["examples", "histograms"],
  readFirst({ tables, images, texts }, { concept, band }) {
    if (concept === null) return Promise.resolve();
    const examples = tables.first(readExamples({ tables, images, texts }, concept, band));
    return Promise.all([examples, tables.histogram(concept)]);
  },
  fields: { band: oneOf("band", ["top", "middle", "low"]) },
  path: {
    says: ["concept"],
    write: ({ concept }) => String(concept ?? 0),
    read(rest) {
      const concept = wholeNumber(rest);
      return concept === null ? null : { concept };
    },
  },
  heading: ({ concept }) => `Concept ${concept ?? 0}`,
  load: async () => (await import("./concept-view.tsx")).ConceptView,
};
