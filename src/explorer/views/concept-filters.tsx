/** What narrows the concepts, for the list and the map alike. */
import type { JSX } from "preact";
import { useServices } from "../explorer-context.ts";
import { filterInputId } from "../keyboard.ts";
import { cssColour, modalityColour, modalityWords } from "../map/modality-colours.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { count } from "../widgets/number-text.ts";
import { RangeBrush } from "../widgets/range-brush.tsx";

const bins = 40;

export function ConceptFilters({ opened }: { opened: OpenDictionary | null }): JSX.Element {
  const { explorer, theme } = useServices();
  const { filter } = explorer.address.value;
  const shown = explorer.selection.value?.order.length ?? null;
  const total = opened?.tables.concepts.count ?? null;
  return (
    <div class="filters">
      <input
        id={filterInputId}
        type="search"
        placeholder="Filter by caption, file or number  ( / )"
        aria-label="Filter concepts by caption, file or number"
        value={filter.text}
        onInput={(event) => explorer.setFilter({ text: event.currentTarget.value })}
      />
      <div class="filter-modality">
        <RangeBrush
          label="Modality score"
          bars={opened === null ? [] : modalityBars(opened)}
          colour={(position) => cssColour(modalityColour(position, theme.theme.value))}
          low={filter.modality[0]}
          high={filter.modality[1]}
          both
          say={modalityWords}
          onChange={(low, high) => explorer.setFilter({ modality: [low, high] })}
        />
        <div class="filter-legend">
          <span>captions</span>
          <span>pictures</span>
        </div>
      </div>
      <label class="filter-dead">
        <input
          type="checkbox"
          checked={filter.dead}
          onChange={(event) => explorer.setFilter({ dead: event.currentTarget.checked })}
        />{" "}
        dead concepts too
      </label>
      <p class="filter-count" aria-live="polite">
        {explorer.searching.value ? "searching… " : ""}
        {count(shown)} of {count(total)} concepts
      </p>
    </div>
  );
}

/** Concepts by modality score, the tallest bar at 1. */
function modalityBars({ tables }: OpenDictionary): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const score of tables.concepts.modalityScore) {
    if (!Number.isNaN(score)) counts[Math.min(bins - 1, Math.floor(score * bins))]!++;
  }
  // The square root keeps the few between the two ends in sight.
  const tallest = Math.max(1, ...counts);
  return counts.map((value) => Math.sqrt(value / tallest));
}
