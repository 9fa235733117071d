/** The concept selected on the map, in short, with the way to its page. */
import "./concept-card.css";
import type { JSX } from "preact";
import { activeRows } from "../data/concept-columns.ts";
import { useExplorer } from "../explorer-context.ts";
import { modalityWords } from "../map/modality-colours.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { Icon } from "../widgets/icon.tsx";
import { ModalityBar } from "../widgets/modality-bar.tsx";
import { count, counted, percent, significant } from "../widgets/number-text.ts";
import { Term } from "../widgets/term.tsx";
import { ConceptLabelLine } from "./concept-label-line.tsx";

export function ConceptCard({ opened }: { opened: OpenDictionary | null }): JSX.Element {
  const explorer = useExplorer();
  const { concept } = explorer.address.value;
  if (opened === null || concept === null || concept >= opened.tables.concepts.count) {
    return (
      <p class="map-hint">
        Point at a concept to see what it is, click to open it. Drag to move, scroll to zoom; arrow keys go to
        the nearest concept that way.
      </p>
    );
  }
  const { concepts } = opened.tables;
  return (
    <section class="concept-card" aria-label="Selected concept">
      <ConceptLabelLine opened={opened} concept={concept} />
      <ModalityBar score={concepts.modalityScore[concept]!} active={activeRows(concepts, concept)} value />
      <p>
        {modalityWords(concepts.modalityScore[concept]!, activeRows(concepts, concept))} · energy{" "}
        {significant(concepts.energy[concept]!)} · active on {percent(concepts.frequency[concept]!)} of rows ·{" "}
        <Term of="bridge">{counted(concepts.bridges[concept]!, "bridge")}</Term>,{" "}
        {count(concepts.significantBridges[concept]!)} significant
      </p>
      <div class="concept-card-actions">
        <a class="button" href={explorer.href({ view: "concept", concept })}>
          Open concept
        </a>
        <button
          type="button"
          class="icon-button"
          aria-label="Deselect"
          title="Deselect (Escape)"
          onClick={() => explorer.navigate({ concept: null })}
        >
          <Icon name="close" />
        </button>
      </div>
    </section>
  );
}
