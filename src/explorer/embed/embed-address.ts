/** What the address of the page of one concept says: `#/concept/12?dictionary=a&theme=dark`. */
import type { Theme } from "../map/modality-colours.ts";

export interface EmbedAddress {
  /** Null: the address names none. */
  concept: number | null;
  /** Null: the study's first analysed one. */
  dictionary: string | null;
  /** Null: the system's. */
  theme: Theme | null;
}

export function parseEmbedAddress(hash: string): EmbedAddress {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const query = new URLSearchParams(search);
  const concept = /^concept\/(\d{1,9})$/.exec(path)?.[1];
  const theme = query.get("theme");
  return {
    concept: concept === undefined ? null : Number(concept),
    dictionary: query.get("dictionary"),
    theme: theme === "light" || theme === "dark" ? theme : null,
  };
}

/** The concept's page in the explorer, relative to this one. */
export function explorerAddress(concept: number, dictionary: string): string {
  return `./#/concept/${concept}?${new URLSearchParams({ dictionary }).toString()}`;
}
