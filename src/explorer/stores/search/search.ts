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
  /** One provider anew: what it looks into has changed. */
  again(provider: string): void;
}

export function createSearch(providers: () => readonly SearchProvider[]): Search {
  const query = signal<SearchQuery>({ text: "" });
  const groups = signal<readonly FoundGroup[]>([]);
  const running = new Map<SearchProvider, AbortController>();

  const change = (provider: SearchProvider, with_: (group: FoundGroup) => Partial<FoundGroup>): void => {
    groups.value = groups
      .peek()
      .map((group) => (group.provider === provider ? { ...group, ...with_(group) } : group));
  };

  const begin = (provider: SearchProvider): void => {
    running.get(provider)?.abort();
    const control = new AbortController();
    running.set(provider, control);
    const { signal: stop } = control;
    const heard = (with_: (group: FoundGroup) => Partial<FoundGroup>): void => {
      if (!stop.aborted) change(provider, with_);
    };
    const found = (hits: readonly Hit[]): void => {
      if (hits.length > 0) heard((group) => ({ hits: [...group.hits, ...hits] }));
    };
    provider.find(query.peek(), found, stop).then(
      () => heard(() => ({ state: "done" })),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        heard(() => ({ state: "failed", reason }));
      },
    );
  };

  const start = (next: SearchQuery): void => {
    for (const control of running.values()) control.abort();
    query.value = next;
    const all = next.text.trim() === "" ? [] : providers();
    groups.value = all.map(unheard);
    for (const provider of all) begin(provider);
  };

  return {
    query,
    groups,
    run(next) {
      if (next.text.trim() === query.peek().text.trim()) query.value = next;
      else start(next);
    },
    again(name) {
      const group = groups.peek().find(({ provider }) => provider.name === name);
      if (group === undefined) return;
      change(group.provider, () => unheard(group.provider));
      begin(group.provider);
    },
  };
}

function unheard(provider: SearchProvider): FoundGroup {
  return { provider, hits: [], state: "running", reason: null };
}
