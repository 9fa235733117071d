/** Everything that has the words: `#/search?q=red+car&in=captions`. */
import { name, words } from "../../stores/address-field.ts";
import type { View } from "../view.ts";

export interface SearchAddress {
  query: string;
  /** The provider whose hits are listed; null: the first that has any. */
  within: string | null;
}

export const searchView: View<"search", SearchAddress> = {
  name: "search",
  title: "Search",
  icon: "search",
  navigation: "apart",
  key: null,
  needs: "study",
  without: ["concept", "filter", "sort", "onlyPicked"],
  fields: { query: words("q"), within: name("in") },
  heading: ({ query }) => (query.trim() === "" ? "Search" : `Search for ${query.trim()}`),
  load: async () => (await import("./search-view.tsx")).SearchView,
};
