/** Everything that the search looks into, in the order in which it is shown. */
import type { Explorer } from "../explorer-store.ts";
import { conceptSearch } from "./concept-search.ts";
import { itemSearch } from "./item-search.ts";
import type { SearchProvider } from "./search.ts";

export function searchProviders(
  explorer: Pick<Explorer, "study" | "dictionary" | "open" | "images" | "texts">,
  pause: () => Promise<void>,
): readonly SearchProvider[] {
  return [
    conceptSearch(explorer),
    itemSearch({
      side: "text",
      table: explorer.texts,
      name: "captions",
      title: "Captions",
      looksInto: "captions of text rows",
      pause,
    }),
    itemSearch({
      side: "image",
      table: explorer.images,
      name: "pictures",
      title: "Pictures",
      looksInto: "file names and captions of pictures",
      pause,
    }),
  ];
}
