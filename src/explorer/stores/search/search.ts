/**
 * One search over everything that can be found: each provider gives its hits as it finds them, so
 * that the first are there at once, and stops when something else is looked for.
 */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Modality } from "../../data/dictionary-tables.ts";

export type Hit =
  | { readonly kind: "concept"; readonly concept: number }
  | { readonly kind: "item"; readonly side: Modality; readonly row: number };

export interface SearchQuery {
  readonly text: string;
}

export interface SearchProvider {
  /** In the address: `in=<name>`. */
  readonly name: string;
  readonly title: string;
  /** What it looks into, in words. */
  readonly looksInto: string;
  /** Resolves when everything was looked at, or soon after `stop` says so. */
  find(query: SearchQuery, found: (hits: readonly Hit[]) => void, stop: AbortSignal): Promise<void>;
}

export interface FoundGroup {
  readonly provider: SearchProvider;
  readonly hits: readonly Hit[];
  readonly state: "running" | "done" | "failed";
  /** Why it failed. */
  readonly reason: string | null;
}

export interface Search {
  readonly query: ReadonlySignal<SearchQuery>;
  /** In the order of the providers; nothing for an empty query. */
  readonly groups: ReadonlySignal<readonly FoundGroup[]>;
  /** The same query again goes on, or stays. */
  run(query: SearchQuery): void;
  /** The same query anew: something that it looks into has changed. */
  again(): void;
}

export function createSearch(providers: () => readonly SearchProvider[]): Search {
  const query = signal<SearchQuery>({ text: "" });
  const groups = signal<readonly FoundGroup[]>([]);
  let running = new AbortController();

  const start = (next: SearchQuery): void => {
    running.abort();
    running = new AbortController();
    const { signal: stop } = running;
    query.value = next;
    if (next.text.trim() === "") {
      groups.value = [];
      return;
    }
    const all = providers();
    groups.value = all.map((provider) => ({ provider, hits: [], state: "running", reason: null }));
    const change = (provider: SearchProvider, with_: (group: FoundGroup) => Partial<FoundGroup>): void => {
      if (stop.aborted) return;
      groups.value = groups
        .peek()
        .map((group) => (group.provider === provider ? { ...group, ...with_(group) } : group));
    };
    for (const provider of all) {
      const found = (hits: readonly Hit[]): void => {
        if (hits.length > 0) change(provider, (group) => ({ hits: [...group.hits, ...hits] }));
      };
      provider.find(next, found, stop).then(
        () => change(provider, () => ({ state: "done" })),
        (error: unknown) =>
          change(provider, () => ({
            state: "failed",
            reason: error instanceof Error ? error.message : String(error),
          })),
      );
    }
  };

  return {
    query,
    groups,
    run(next) {
      if (next.text.trim() === query.peek().text.trim()) query.value = next;
      else start(next);
    },
    again: () => start(query.peek()),
  };
}
