/** All that was found, one kind at a time, as a list that the arrow keys walk. */
import "./search-view.css";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";
import { takesFocus, useFocusFollows } from "../../frame/use-view-focus.ts";
import { useShortcuts } from "../../frame/use-shortcuts.ts";
import type { FoundGroup } from "../../stores/search/search.ts";
import { Notice } from "../../widgets/notice.tsx";
import { count, counted } from "../../widgets/number-text.ts";
import { SkeletonRows } from "../../widgets/skeleton.tsx";
import { VirtualRows } from "../../widgets/virtual-rows.tsx";
import { HitLine, hitAddress } from "./hit-line.tsx";

const rowHeight = 52;

export function SearchView(): JSX.Element {
  const { explorer, search } = useServices();
  const { query, within } = explorer.address.value;
  // Before anything is painted, so that nothing else is seen first.
  useLayoutEffect(() => search.run({ text: query }), [query]);
  const groups = search.groups.value;
  const shown =
    groups.find(({ provider }) => provider.name === within) ??
    groups.find(({ hits }) => hits.length > 0) ??
    groups[0];
  if (query.trim() === "" || shown === undefined) {
    return (
      <Notice title="Look for anything in this study">
        <p>Names and numbers of concepts, words of captions, names of files. Type in the box above.</p>
      </Notice>
    );
  }
  return (
    <div class="search-view">
      <div class="search-head">
        <h1 dir="auto">“{query.trim()}”</h1>
        <div class="choice" role="group" aria-label="Kind of results">
          {groups.map((group) => (
            <button
              key={group.provider.name}
              type="button"
              aria-pressed={group === shown}
              title={`In ${group.provider.looksInto}`}
              onClick={() => explorer.navigate({ within: group.provider.name }, "replace")}
            >
              {group.provider.title} <span class="search-count">{countOf(group)}</span>
            </button>
          ))}
        </div>
        <p class="visually-hidden" role="status">
          {shown.state === "running"
            ? "Searching"
            : `${counted(shown.hits.length, "result")} in ${shown.provider.looksInto}`}
        </p>
      </div>
      <Results key={shown.provider.name} group={shown} query={query} />
    </div>
  );
}

function countOf({ hits, state }: FoundGroup): string {
  if (state === "failed") return "!";
  return `${count(hits.length)}${state === "running" ? "…" : ""}`;
}

function Results({ group, query }: { group: FoundGroup; query: string }): JSX.Element {
  const services = useServices();
  const { explorer } = services;
  const [active, setActive] = useState<number | null>(null);
  const { hits, provider, state, reason } = group;
  useEffect(() => setActive(null), [query]);
  const follow = useFocusFollows(active);
  const step = (by: number) => (): false | void => {
    if (hits.length === 0) return false;
    setActive(active === null ? 0 : Math.min(hits.length - 1, Math.max(0, active + by)));
    follow();
  };
  useShortcuts("Results", [
    { keys: ["j", "ArrowDown"], does: "next result", run: step(1) },
    { keys: ["k", "ArrowUp"], does: "previous result", run: step(-1) },
  ]);
  if (state === "failed") {
    return (
      <Notice kind="error" title={`${provider.title} cannot be searched`}>
        <p>{reason}</p>
      </Notice>
    );
  }
  if (hits.length === 0) {
    return state === "running" ? (
      <SkeletonRows count={12} height={rowHeight} />
    ) : (
      <Notice title="Nothing found">
        <p>
          No match in {provider.looksInto}. All words have to be in it, in any order; parts of words count.
        </p>
      </Notice>
    );
  }
  return (
    <div class="search-results">
      <VirtualRows
        count={hits.length}
        rowHeight={rowHeight}
        reveal={active}
        label={`${provider.title} found`}
        role="list"
        render={(i) => {
          const hit = hits[i]!;
          const address = hitAddress(hit, services);
          const line = <HitLine hit={hit} query={query} />;
          const chosen = i === active ? takesFocus : {};
          return address === null ? (
            <span class="search-hit" tabIndex={-1} {...chosen}>
              {line}
            </span>
          ) : (
            <a class="search-hit" href={explorer.href(address)} {...chosen}>
              {line}
            </a>
          );
        }}
      />
    </div>
  );
}
