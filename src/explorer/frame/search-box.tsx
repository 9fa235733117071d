/** The one box for everything that can be found, with the first results below it while one types. */
import "./search-box.css";
import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import type { FoundGroup, Hit } from "../stores/search/search.ts";
import { HitLine, hitAddress } from "../views/search/hit-line.tsx";
import { valueOf } from "../stores/loadable.ts";
import { takesFocus } from "./use-view-focus.ts";
import { Icon } from "../widgets/icon.tsx";
import { count } from "../widgets/number-text.ts";

export const searchInputId = "search";

/** Hits of each kind below the box. */
const mostShown = 3;
/** Milliseconds without a key before the search begins. */
const rest = 120;

export function SearchBox(): JSX.Element {
  const services = useServices();
  const { explorer, search } = services;
  const { view, query } = explorer.address.value;
  const inView = view === "search";
  const answered = (valueOf(explorer.study.value)?.questionsAnsweredBy ?? "nobody") !== "nobody";
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const text = inView ? query : typed;
  useEffect(() => {
    if (inView || !open) return undefined;
    const later = setTimeout(() => search.run({ text: typed }), rest);
    return () => clearTimeout(later);
  }, [typed, open, inView]);

  const groups = search.groups.value.filter(({ hits, state }) => hits.length > 0 || state === "failed");
  const shown = open && !inView && typed.trim() !== "";
  const hits = groups.flatMap((group) => group.hits.slice(0, mostShown));
  const current = active >= 0 && active < hits.length ? hits[active]! : null;
  const running = search.groups.value.some(({ state }) => state === "running");

  const close = (): void => {
    setOpen(false);
    setActive(-1);
  };
  const ask = (): void => {
    close();
    explorer.navigate({ view: "ask", asked: typed.trim() });
    box.current?.blur();
  };
  const all = (within: string | null): void => {
    close();
    explorer.navigate({ view: "search", query: typed.trim(), within });
    box.current?.blur();
  };
  const choose = (hit: Hit, group: FoundGroup | undefined): void => {
    const address = hitAddress(hit, services);
    if (address === null) return all(group?.provider.name ?? null);
    close();
    explorer.navigate(address);
    box.current?.blur();
  };

  return (
    <div
      class="search-box"
      role="search"
      onFocusOut={(event) => {
        const next = event.relatedTarget;
        if (!(next instanceof Node && event.currentTarget.contains(next))) close();
      }}
    >
      <Icon name="search" />
      <input
        ref={box}
        id={searchInputId}
        type="text"
        role="combobox"
        aria-label="Search concepts, captions and files"
        aria-expanded={shown}
        aria-controls={`${id}-hits`}
        aria-autocomplete="list"
        aria-activedescendant={shown && current !== null ? `${id}-${active}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="Search ( / )"
        title="Concepts, captions and files. Press / to come here."
        value={text}
        {...(inView && query === "" ? takesFocus : {})}
        onFocus={() => setOpen(true)}
        onInput={(event) => {
          const { value } = event.currentTarget;
          setTyped(value);
          setActive(-1);
          setOpen(true);
          if (inView) explorer.navigate({ query: value }, "replace");
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            if (!shown || hits.length === 0) return;
            event.preventDefault();
            const by = event.key === "ArrowDown" ? 1 : -1;
            setActive((before) => Math.max(-1, Math.min(hits.length - 1, before + by)));
          } else if (event.key === "Enter" && !event.isComposing) {
            if (inView) box.current?.blur();
            else if (shown && current !== null) choose(current, groupOf(groups, current));
            else if (typed.trim() !== "") all(null);
          } else if (event.key === "Escape" && shown) {
            event.preventDefault();
            event.stopPropagation();
            close();
          }
        }}
      />
      {shown && (
        <div class="search-panel">
          <div id={`${id}-hits`} role="listbox" aria-label="First results">
            {groups.map((group) => (
              <div key={group.provider.name} role="group" aria-label={group.provider.title}>
                <div class="search-group" aria-hidden="true">
                  <span>{group.provider.title}</span>
                  <span>
                    {group.state === "failed"
                      ? group.reason
                      : `${count(group.hits.length)}${group.state === "running" ? "…" : ""}`}
                  </span>
                </div>
                {group.hits.slice(0, mostShown).map((hit) => {
                  const place = hits.indexOf(hit);
                  return (
                    <div
                      key={place}
                      id={`${id}-${place}`}
                      role="option"
                      class="search-option"
                      aria-selected={place === active}
                      onPointerMove={() => setActive(place)}
                      // Before the box loses the focus, which closes the panel.
                      onPointerDown={(event) => {
                        event.preventDefault();
                        choose(hit, group);
                      }}
                    >
                      <HitLine hit={hit} query={typed} />
                    </div>
                  );
                })}
              </div>
            ))}
          </div>
          <p class="search-foot" role="status">
            {groups.length === 0 && (running ? "Searching…" : "Nothing found.")}
            {groups.length > 0 && (
              <button
                type="button"
                class="link-button"
                onPointerDown={() => all(null)}
                onClick={() => all(null)}
              >
                all results ↵
              </button>
            )}
            {answered && (
              <button type="button" class="link-button" onPointerDown={ask} onClick={ask}>
                ask about this sentence
              </button>
            )}
          </p>
        </div>
      )}
    </div>
  );
}

function groupOf(groups: readonly FoundGroup[], hit: Hit): FoundGroup | undefined {
  return groups.find(({ hits }) => hits.includes(hit));
}
