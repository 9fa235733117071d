/** A box that finds a concept by name, words or number, and hands it on. */
import type { JSX } from "preact";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";
import { useShortcuts } from "../../frame/use-shortcuts.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { conceptSearch } from "../../stores/search/concept-search.ts";
import { createSearch } from "../../stores/search/search.ts";
import { ConceptLabelLine } from "../concept-label-line.tsx";

const mostShown = 6;
/** Milliseconds without a key before the search begins. */
const rest = 120;

interface ConceptFinderProps {
  opened: OpenDictionary;
  onChoose: (concept: number) => void;
}

export function ConceptFinder({ opened, onChoose }: ConceptFinderProps): JSX.Element {
  const { explorer } = useServices();
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const search = useMemo(() => createSearch(() => [conceptSearch(explorer)]), [opened]);
  useShortcuts("Intervene", [
    { keys: ["s"], does: "find a concept to switch off", run: () => box.current?.focus() },
  ]);
  useEffect(() => {
    const later = setTimeout(() => search.run({ text }), rest);
    return () => clearTimeout(later);
  }, [text, search]);
  const group = search.groups.value[0];
  const searched = search.query.value.text === text && text.trim() !== "";
  const found = searched
    ? (group?.hits ?? []).flatMap((hit) => (hit.kind === "concept" ? [hit.concept] : [])).slice(0, mostShown)
    : [];
  const choose = (concept: number | undefined): void => {
    if (concept === undefined) return;
    setText("");
    setActive(0);
    onChoose(concept);
  };
  return (
    <div class="concept-finder">
      <input
        ref={box}
        type="text"
        role="combobox"
        aria-label="Find a concept to switch off or scale"
        aria-expanded={found.length > 0}
        aria-controls={`${id}-found`}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="Find a concept ( s )"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            if (found.length === 0) return;
            event.preventDefault();
            const by = event.key === "ArrowDown" ? 1 : -1;
            setActive((before) => Math.max(0, Math.min(found.length - 1, before + by)));
          } else if (event.key === "Enter" && !event.isComposing) choose(found[active]);
          else if (event.key === "Escape" && text !== "") {
            event.preventDefault();
            event.stopPropagation();
            setText("");
          }
        }}
      />
      <div id={`${id}-found`} role="listbox" aria-label="Found concepts" class="found-concepts">
        {found.map((concept, place) => (
          <div
            key={concept}
            id={`${id}-${place}`}
            role="option"
            class="found-concept"
            aria-selected={place === active}
            onPointerMove={() => setActive(place)}
            onClick={() => choose(concept)}
          >
            <ConceptLabelLine opened={opened} concept={concept} />
          </div>
        ))}
      </div>
      {searched && found.length === 0 && (
        <p class="intervene-note" role="status">
          {group?.state === "running" ? "Searching…" : (group?.reason ?? "No concept has all these words.")}
        </p>
      )}
    </div>
  );
}
