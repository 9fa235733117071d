/** All concepts that pass the filters, sorted by a column. */
import "./concepts-view.css";
import type { JSX } from "preact";
import { useExplorer } from "../../explorer-context.ts";
import { activeRows, type ConceptColumn } from "../../data/concept-columns.ts";
import { noFilter, type ConceptSort } from "../../stores/concept-selection.ts";
import { takesFocus, useFocusFollows } from "../../frame/use-view-focus.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import type { ViewProps } from "../view.ts";
import type { DefinitionKey } from "../../widgets/definitions.ts";
import { Meter } from "../../widgets/meter.tsx";
import { ModalityBar } from "../../widgets/modality-bar.tsx";
import { Notice } from "../../widgets/notice.tsx";
import { count, percent, significant } from "../../widgets/number-text.ts";
import { PickBox } from "../../widgets/pick-box.tsx";
import { SkeletonRows } from "../../widgets/skeleton.tsx";
import { Term } from "../../widgets/term.tsx";
import { VirtualRows } from "../../widgets/virtual-rows.tsx";
import { ConceptFilters } from "../concept-filters.tsx";
import { useConceptWalk } from "../use-concept-walk.ts";
import { ConceptLabelLine } from "../concept-label-line.tsx";

const rowHeight = 48;

const columns: readonly { column: ConceptColumn; name: string; term: DefinitionKey }[] = [
  { column: "modalityScore", name: "Modality", term: "modalityScore" },
  { column: "energy", name: "Energy", term: "energy" },
  { column: "frequency", name: "Frequency", term: "frequency" },
  { column: "maximum", name: "Maximum", term: "maximum" },
  { column: "monosemanticity", name: "Monosemanticity", term: "monosemanticity" },
  { column: "bridges", name: "Bridges", term: "bridge" },
];

export function ConceptsView({ opened }: ViewProps): JSX.Element {
  const explorer = useExplorer();
  const { sort, concept } = explorer.address.value;
  // The focus goes along, so that it is seen and Tab goes on from there.
  useConceptWalk("list", useFocusFollows(concept));
  const order = explorer.selection.value?.order ?? new Uint32Array(0);
  const greatest = opened === null ? 1 : opened.tables.concepts.energy.reduce((a, b) => Math.max(a, b), 0);
  const sortBy = (column: ConceptColumn): void =>
    explorer.navigate(
      {
        sort: {
          column,
          descending: sort.column === column ? !sort.descending : column !== "concept",
        },
      },
      "replace",
    );
  return (
    <div class="list-view">
      <ConceptFilters opened={opened} />
      <div class="narrow-sort">
        <PickAll order={order} />
        <label>
          Sort by{" "}
          <select
            value={`${sort.descending ? "-" : ""}${sort.column}`}
            onChange={(event) => {
              const chosen = event.currentTarget.value;
              const column = [{ column: "concept" as const }, ...columns].find(
                (one) => one.column === chosen.replace("-", ""),
              )!.column;
              explorer.navigate({ sort: { column, descending: chosen.startsWith("-") } }, "replace");
            }}
          >
            {[{ column: "concept", name: "Concept" }, ...columns].flatMap(({ column, name }) => [
              <option key={column} value={column}>{`${name} ↑`}</option>,
              <option key={`-${column}`} value={`-${column}`}>{`${name} ↓`}</option>,
            ])}
          </select>
        </label>
      </div>
      <div class="concept-table">
        <div class="concept-head">
          <PickAll order={order} />
          <SortButton column="concept" name="Concept" sort={sort} onSort={sortBy} />
          {columns.map(({ column, name, term }) => (
            <span key={column}>
              <SortButton column={column} name={name} sort={sort} onSort={sortBy} />
              <Term of={term}>?</Term>
            </span>
          ))}
        </div>
        {opened === null ? (
          <SkeletonRows count={30} height={rowHeight} />
        ) : order.length === 0 ? (
          <Notice title="No concept passes the filters">
            <p>Widen the ranges, clear the text, or show dead concepts.</p>
            <button type="button" class="button" onClick={() => explorer.setFilter(noFilter)}>
              Clear all filters
            </button>
          </Notice>
        ) : (
          <VirtualRows
            count={order.length}
            rowHeight={rowHeight}
            reveal={concept === null ? null : order.indexOf(concept)}
            label="Concepts"
            role="list"
            render={(i) => (
              <Row opened={opened} concept={order[i]!} selected={order[i] === concept} greatest={greatest} />
            )}
          />
        )}
      </div>
    </div>
  );
}

/** Picks all that are listed, or puts them back. */
function PickAll({ order }: { order: Uint32Array }): JSX.Element {
  const { picked } = useExplorer();
  const number = order.reduce((sum, concept) => sum + (picked.has(concept) ? 1 : 0), 0);
  const all = number > 0 && number === order.length;
  return (
    <PickBox
      label={all ? "Put all listed concepts back" : "Pick all listed concepts"}
      picked={all}
      some={number > 0 && !all}
      onChange={(pick) => (pick ? picked.add(order) : picked.remove(order))}
    />
  );
}

interface SortButtonProps {
  column: ConceptColumn;
  name: string;
  sort: ConceptSort;
  onSort: (column: ConceptColumn) => void;
}

function SortButton({ column, name, sort, onSort }: SortButtonProps): JSX.Element {
  const active = sort.column === column;
  const order = sort.descending ? "greatest first" : "smallest first";
  return (
    <button
      type="button"
      class="sort"
      aria-pressed={active}
      title={active ? `Sorted by ${name}, ${order}; click to turn around` : `Sort by ${name}`}
      onClick={() => onSort(column)}
    >
      {name} {active ? (sort.descending ? "↓" : "↑") : ""}
    </button>
  );
}

interface RowProps {
  opened: OpenDictionary;
  concept: number;
  selected: boolean;
  greatest: number;
}

function Row({ opened, concept, selected, greatest }: RowProps): JSX.Element {
  const explorer = useExplorer();
  const { concepts } = opened.tables;
  return (
    <div class="concept-line">
      <PickBox
        label={`Pick concept ${concept}`}
        picked={explorer.picked.has(concept)}
        onChange={() => explorer.picked.toggle(concept)}
      />
      <a
        class={selected ? "concept-row concept-row-selected" : "concept-row"}
        href={explorer.href({ view: "concept", concept })}
        {...(selected ? takesFocus : {})}
      >
        <ConceptLabelLine opened={opened} concept={concept} />
        <span>
          <ModalityBar
            score={concepts.modalityScore[concept]!}
            active={activeRows(concepts, concept)}
            value
          />
        </span>
        <span class="figure-cell">
          {significant(concepts.energy[concept]!)}
          <Meter share={concepts.energy[concept]! / greatest} />
        </span>
        <span class="figure-cell">{percent(concepts.frequency[concept]!)}</span>
        <span class="figure-cell">{significant(concepts.maximum[concept]!)}</span>
        <span class="figure-cell">{significant(concepts.monosemanticity[concept]!, 2)}</span>
        <span class="figure-cell">{count(concepts.bridges[concept]!)}</span>
      </a>
    </div>
  );
}
