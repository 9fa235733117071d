/** The list of concepts: filters and sorting are everybody's, so it adds nothing to the address. */
import type { View } from "../view.ts";

export const conceptsView: View<"concepts"> = {
  name: "concepts",
  title: "Concepts",
  icon: "list",
  navigation: "listed",
  key: "c",
  needs: "dictionary",
  columns: ["exampleCount", "topImage", "topText"],
  readFirst: ({ tables, images, texts }) => Promise.all([images.open(), texts.open(), tables.words()]),
  fields: {},
  load: async () => (await import("./concepts-view.tsx")).ConceptsView,
};
