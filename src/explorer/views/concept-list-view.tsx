/** All concepts that pass the filters, sorted by a column. */
import type { JSX } from "preact";
import { useExplorer } from "../explorer-context.ts";
import type { ConceptColumn } from "../data/concept-columns.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import type { DefinitionKey } from "../widgets/definitions.ts";
import { Meter } from "../widgets/meter.tsx";
import { ModalityBar } from "../widgets/modality-bar.tsx";
import { Notice } from "../widgets/notice.tsx";
import { count, percent, significant } from "../widgets/number-text.ts";
import { Term } from "../widgets/term.tsx";
import { VirtualRows } from "../widgets/virtual-rows.tsx";
import { ConceptFilters } from "./concept-filters.tsx";
import { ConceptLabelLine } from "./concept-label-line.tsx";

const rowHeight = 48;

const columns: readonly { column: ConceptColumn; name: string; term?: DefinitionKey }[] = [
  { column: "modalityScore", name: "Modality", term: "modalityScore" },
  { column: "energy", name: "Energy", term: "energy" },
  { column: "frequency", name: "Frequency", term: "frequency" },
  { column: "maximum", name: "Greatest", term: "maximum" },
  { column: "monosemanticity", name: "Monosemanticity", term: "monosemanticity" },
  { column: "bridgeCount", name: "Bridges", term: "bridge" },
];

export function ConceptListView({ opened }: { opened: OpenDictionary | null }): JSX.Element {
  const explorer = useExplorer();
  const { sort, concept } = explorer.address.value;
  const order = explorer.selection.value?.order ?? new Uint32Array(0);
  const greatest = opened === null ? 1 : Math.max(...opened.tables.concepts.energy);
  return (
    <div class="list-view">
      <ConceptFilters opened={opened} />
      <div class="concept-table">
        <div class="concept-head">
          <button
            type="button"
            class="sort"
            aria-pressed={sort.column === "concept"}
            onClick={() => explorer.navigate({ sort: { column: "concept", descending: false } }, "replace")}
          >
            Concept
          </button>
          {columns.map(({ column, name, term }) => {
            const active = sort.column === column;
            return (
              <span key={column}>
                <button
                  type="button"
                  class="sort"
                  aria-pressed={active}
                  onClick={() =>
                    explorer.navigate(
                      { sort: { column, descending: active ? !sort.descending : true } },
                      "replace",
                    )
                  }
                >
                  {name} {active ? (sort.descending ? "↓" : "↑") : ""}
                </button>
                {term !== undefined && <Term of={term}>?</Term>}
              </span>
            );
          })}
        </div>
        {opened !== null && order.length === 0 ? (
          <Notice title="No concept passes the filters">
            <p>Widen the modality range or clear the text.</p>
          </Notice>
        ) : (
          <VirtualRows
            count={order.length}
            rowHeight={rowHeight}
            reveal={concept === null ? null : order.indexOf(concept)}
            label="Concepts"
            role="list"
            render={(i) => (
              <Row opened={opened!} concept={order[i]!} selected={order[i] === concept} greatest={greatest} />
            )}
          />
        )}
      </div>
    </div>
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
    <a
      class={selected ? "concept-row concept-row-selected" : "concept-row"}
      href={explorer.href({ view: "concept", concept })}
    >
      <ConceptLabelLine opened={opened} concept={concept} />
      <span>
        <ModalityBar score={concepts.modalityScore[concept]!} />
      </span>
      <span class="figure-cell">
        {significant(concepts.energy[concept]!)}
        <Meter share={concepts.energy[concept]! / greatest} />
      </span>
      <span class="figure-cell">{percent(concepts.frequency[concept]!)}</span>
      <span class="figure-cell">{significant(concepts.maximum[concept]!)}</span>
      <span class="figure-cell">{significant(concepts.monosemanticity[concept]!, 2)}</span>
      <span class="figure-cell">{count(concepts.bridgeCount[concept]!)}</span>
    </a>
  );
}
