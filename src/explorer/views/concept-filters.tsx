/** What narrows the concepts, for the list and the map alike. */
import "./concept-filters.css";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import { useShortcuts } from "../frame/use-shortcuts.ts";
import { focusView } from "../frame/use-view-focus.ts";
import { isNarrowed, narrows, noFilter, type RangeName } from "../stores/concept-selection.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { count } from "../widgets/number-text.ts";
import { ColumnBrush } from "./column-brush.tsx";

/** Always there, and there when there is room or they narrow. */
const first: readonly RangeName[] = ["modality", "energy"];
const further: readonly RangeName[] = ["frequency", "stability", "bridges"];

interface FiltersProps {
  opened: OpenDictionary | null;
  /** Whether there is room for all histograms. */
  roomy?: boolean;
}

export function ConceptFilters({ opened, roomy = false }: FiltersProps): JSX.Element {
  const { explorer } = useServices();
  const { filter } = explorer.address.value;
  const box = useRef<HTMLInputElement>(null);
  useShortcuts("Filters", [{ keys: ["f"], does: "filter by words", run: () => box.current?.select() }]);
  const [more, setMore] = useState(roomy);
  const shown = explorer.selection.value?.order.length ?? null;
  const total = opened?.tables.concepts.count ?? null;
  const names = [...first, ...further.filter((name) => more || narrows(filter, name))];
  return (
    <div class="filters">
      <input
        ref={box}
        type="search"
        placeholder="Filter concepts ( f )"
        title="Words of a caption or file name, or a concept's number. Press f to come here."
        aria-label="Filter concepts by caption, file or number"
        value={filter.text}
        onInput={(event) => explorer.setFilter({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          const found = explorer.beside(-1, 0);
          if (found === null || event.isComposing || (event.key !== "ArrowDown" && event.key !== "Enter"))
            return;
          event.preventDefault();
          if (event.key === "Enter") explorer.navigate({ view: "concept", concept: found });
          else {
            explorer.navigate({ concept: found }, "replace");
            requestAnimationFrame(focusView);
          }
        }}
      />
      {names.map((name) =>
        name === "stability" && opened?.partners === null ? (
          <p key={name} class="filter-lacking">
            Stability: <code>viaduct compare</code> has not matched this dictionary with another run yet.
          </p>
        ) : (
          <ColumnBrush key={name} opened={opened} name={name} />
        ),
      )}
      {!roomy && (
        <button type="button" class="link-button filter-more" onClick={() => setMore(!more)}>
          {more ? "fewer filters" : "more filters"}
        </button>
      )}
      <label class="filter-dead">
        <input
          type="checkbox"
          checked={filter.dead}
          onChange={(event) => explorer.setFilter({ dead: event.currentTarget.checked })}
        />{" "}
        show dead concepts
      </label>
      <p class="filter-count" aria-live="polite">
        {explorer.searching.value ? "searching… " : ""}
        {count(shown)} of {count(total)} concepts
        {isNarrowed(filter) && (
          <button type="button" class="link-button" onClick={() => explorer.setFilter(noFilter)}>
            clear filters
          </button>
        )}
      </p>
    </div>
  );
}
