/** What narrows the concepts, for the list and the map alike. */
import "./concept-filters.css";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import { useShortcuts } from "../frame/use-shortcuts.ts";
import { focusView } from "../frame/use-view-focus.ts";
import { cssColour, modalityColour, modalityWords } from "../map/modality-colours.ts";
import { noFilter } from "../stores/concept-selection.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { count, counted, fixed, significant } from "../widgets/number-text.ts";
import { RangeBrush } from "../widgets/range-brush.tsx";
import { energyScale, type EnergyScale } from "./energy-scale.ts";

const bins = 40;

export function ConceptFilters({ opened }: { opened: OpenDictionary | null }): JSX.Element {
  const { explorer, theme } = useServices();
  const { filter } = explorer.address.value;
  const box = useRef<HTMLInputElement>(null);
  useShortcuts("Filters", [{ keys: ["f"], does: "filter by words", run: () => box.current?.select() }]);
  const shown = explorer.selection.value?.order.length ?? null;
  const total = opened?.tables.concepts.count ?? null;
  const energies = useMemo(() => (opened === null ? null : energyScale(opened.tables.concepts)), [opened]);
  const anyModality = filter.modality[0] <= 0 && filter.modality[1] >= 1;
  const filtered = filter.text !== "" || !anyModality || filter.energy > 0 || filter.dead;
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
          const first = explorer.beside(-1, 0);
          if (first === null || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
          event.preventDefault();
          if (event.key === "Enter") explorer.navigate({ view: "concept", concept: first });
          else {
            explorer.navigate({ concept: first }, "replace");
            requestAnimationFrame(focusView);
          }
        }}
      />
      <div class="filter-range">
        <RangeBrush
          label="Modality score"
          term="modalityScore"
          note={anyModality ? "all" : `${fixed(filter.modality[0], 2)} to ${fixed(filter.modality[1], 2)}`}
          {...modalityBars(opened)}
          fileName="modality-scores"
          colour={(position) => cssColour(modalityColour(position, theme.theme.value))}
          low={filter.modality[0]}
          high={filter.modality[1]}
          both
          say={(score) => modalityWords(score)}
          onChange={(low, high) => explorer.setFilter({ modality: [low, high] })}
        >
          <div class="filter-legend">
            <span class="side-text">0 captions</span>
            <span class="side-image">pictures 1</span>
          </div>
        </RangeBrush>
      </div>
      <div class="filter-range">
        <RangeBrush
          label="Energy"
          term="energy"
          note={filter.energy > 0 ? `at least ${significant(filter.energy, 2)}` : "all"}
          {...energyBars(energies)}
          fileName="energies"
          colour={() => "var(--grey)"}
          low={energies?.positionOf(filter.energy) ?? 0}
          high={1}
          both={false}
          say={(position) => (position === 0 ? "all" : significant(energies?.at(position) ?? 0, 2))}
          onChange={(low) => explorer.setFilter({ energy: energies?.at(low) ?? 0 })}
        >
          <div class="filter-legend">
            <span>{significant(energies?.least ?? null, 2)}</span>
            <span>{significant(energies?.greatest ?? null, 2)}</span>
          </div>
        </RangeBrush>
      </div>
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
        {filtered && (
          <button type="button" class="link-button" onClick={() => explorer.setFilter(noFilter)}>
            clear filters
          </button>
        )}
      </p>
    </div>
  );
}

type Histogram = Pick<Parameters<typeof RangeBrush>[0], "bars" | "table">;

/** Concepts by modality score, the tallest bar at 1. */
function modalityBars(opened: OpenDictionary | null): Histogram {
  if (opened === null) return { bars: [], table: null };
  const counts = Array.from({ length: bins }, () => 0);
  for (const score of opened.tables.concepts.modalityScore) {
    if (!Number.isNaN(score)) counts[Math.min(bins - 1, Math.floor(score * bins))]!++;
  }
  // The square root keeps the few between the two ends in sight.
  const tallest = Math.max(1, ...counts);
  return {
    bars: counts.map((value, i) => ({
      height: Math.sqrt(value / tallest),
      title: `${fixed(i / bins, 3)} to ${fixed((i + 1) / bins, 3)}: ${counted(value, "concept")}`,
    })),
    table: () => ({
      columns: ["modality score from", "to", "concepts"],
      rows: counts.map((value, i) => [i / bins, (i + 1) / bins, value]),
    }),
  };
}

function energyBars(energies: EnergyScale | null): Histogram {
  if (energies === null) return { bars: [], table: null };
  const { counts, bounds } = energies;
  const tallest = Math.max(...counts);
  return {
    bars: counts.map((value, i) => ({
      height: value / tallest,
      title: `${significant(bounds[i]!, 2)} to ${significant(bounds[i + 1]!, 2)}: ${counted(value, "concept")}`,
    })),
    table: () => ({
      columns: ["energy from", "to", "concepts"],
      rows: counts.map((value, i) => [bounds[i]!, bounds[i + 1]!, value]),
    }),
  };
}
