/** What a concept is called on the map: the name it was given, its words, else what its label says. */
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { conceptName } from "../stores/concept-name.ts";
import { valueOf } from "../stores/loadable.ts";
import { isDead } from "../data/concept-columns.ts";
import { shortened } from "../widgets/picture.tsx";

/** Characters of a name; more would cover its neighbours. */
const longest = 26;

/** Undefined while it is not known yet, null when there is none. Subscribes to its arrival. */
export function mapName(opened: OpenDictionary, concept: number): string | null | undefined {
  const given = opened.labels.givenName(concept);
  if (given !== null && given.trim() !== "") return tidy(given);
  const words = opened.words();
  if (words.state === "loading") return undefined;
  const own = valueOf(words)?.[concept] ?? null;
  if (own !== null) return tidy(own);
  // Captions are read one concept at a time: only where there are no words at all.
  if (valueOf(words) !== null) return null;
  const label = opened.labels.get(concept);
  if (label === undefined) return undefined;
  const { text, from } = conceptName(label, isDead(opened.tables.concepts, concept));
  return from === "none" ? null : tidy(text);
}

/** On one line, without signs that turn the text around. */
function tidy(text: string): string {
  const line = text.replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").replaceAll(/\s+/g, " ");
  return shortened(line.trim(), longest);
}
