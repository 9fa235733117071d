/** Finds concepts by number, by name and by what activates them most. */
import { effect } from "@preact/signals";
import type { Explorer, OpenDictionary } from "../explorer-store.ts";
import { valueOf } from "../loadable.ts";
import { folded, hasAll, queryWords } from "./folded.ts";
import type { Hit, SearchProvider } from "./search.ts";

type Opening = Pick<Explorer, "study" | "dictionary" | "open">;

export function conceptSearch(explorer: Opening): SearchProvider {
  return {
    name: "concepts",
    title: "Concepts",
    looksInto: "names, numbers, and the captions and files that activate them most",
    async find({ text }, found, stop) {
      const opened = await opening(explorer, stop);
      if (opened === null) return;
      const words = queryWords(text);
      const { labels, tables } = opened;
      const { count } = tables.concepts;
      const seen = new Set<number>();
      const add = (concepts: readonly number[]): void => {
        const fresh = concepts.filter((concept) => !seen.has(concept));
        for (const concept of fresh) seen.add(concept);
        found(fresh.map((concept): Hit => ({ kind: "concept", concept })));
      };
      const number = /^#?(\d{1,9})$/.exec(text.trim())?.[1];
      if (number !== undefined && Number(number) < count) add([Number(number)]);
      add(named(count, (concept) => labels.givenName(concept), words));
      labels.wantAll();
      let looked = 0;
      const unread = new Set(Array.from({ length: count }, (_, concept) => concept));
      await until(stop, () => {
        void labels.revision.value;
        // Each is looked at once, when what it goes by has been read.
        const read = [...unread].filter((concept) => labels.searchText(concept) !== null);
        for (const concept of read) unread.delete(concept);
        add(read.filter((concept) => hasAll(folded(labels.searchText(concept)!), words)));
        looked += read.length;
        return looked >= count;
      });
    },
  };
}

/** Those whose name has all words; the names that begin with the query come first. */
function named(
  count: number,
  nameOf: (concept: number) => string | null,
  words: readonly string[],
): readonly number[] {
  const first: number[] = [];
  const others: number[] = [];
  for (let concept = 0; concept < count; concept++) {
    const name = nameOf(concept);
    if (name === null) continue;
    const text = folded(name);
    if (hasAll(text, words)) (text.startsWith(words.join(" ")) ? first : others).push(concept);
  }
  return [...first, ...others];
}

/** The dictionary when it is open; null when there is none, or when it is no longer wanted. */
async function opening(
  { study, dictionary, open }: Opening,
  stop: AbortSignal,
): Promise<OpenDictionary | null> {
  await until(stop, () => {
    const nothingToOpen = study.value.state !== "loading" && dictionary.value?.analysed !== true;
    return nothingToOpen || open.value.state !== "loading";
  });
  const opened = open.peek();
  if (opened.state === "failed") throw new Error(opened.reason);
  return valueOf(opened);
}

/** Resolves when `condition`, which subscribes to what it reads, gives true; or when it is stopped. */
async function until(stop: AbortSignal, condition: () => boolean): Promise<void> {
  let dispose = (): void => {};
  try {
    await new Promise<void>((resolve) => {
      stop.addEventListener("abort", () => resolve(), { once: true });
      dispose = effect(() => {
        if (stop.aborted || condition()) resolve();
      });
    });
  } finally {
    dispose();
  }
}
