/** The map as a list: for screen readers, for who likes it better, and where nothing can be drawn. */
import "./map-list.css";
import type { JSX } from "preact";
import { useServices } from "../../explorer-context.ts";
import { columnFacts } from "../../data/column-facts.ts";
import { activeRows } from "../../data/concept-columns.ts";
import { modalityWords } from "../../map/modality-colours.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { counted, significant } from "../../widgets/number-text.ts";
import { VirtualRows } from "../../widgets/virtual-rows.tsx";
import { ConceptLabelLine } from "../concept-label-line.tsx";
import { useConceptWalk } from "../use-concept-walk.ts";

const rowHeight = 52;

/** `canDraw`: whether there is a map to go back to. */
export function MapList({ opened, canDraw }: { opened: OpenDictionary; canDraw: boolean }): JSX.Element {
  const { explorer } = useServices();
  useConceptWalk("list");
  const { concepts } = opened.tables;
  const { concept: selected, colour } = explorer.address.value;
  const order = explorer.selection.value?.order ?? new Uint32Array(0);
  const facts = columnFacts(colour);
  const values = valueOf(opened.columns.get(colour));
  return (
    <section class="map-list" aria-label="Concepts of the map">
      <p class="map-list-head">
        {canDraw
          ? `${counted(order.length, "concept")}, as the map has them.`
          : `This browser draws no pictures, neither with WebGL nor on a canvas: here are the ${counted(order.length, "concept")} of the map as a list.`}
        {canDraw && (
          <button
            type="button"
            class="button"
            onClick={() => explorer.navigate({ painter: "auto" }, "replace")}
          >
            Show the map
          </button>
        )}
      </p>
      <VirtualRows
        count={order.length}
        rowHeight={rowHeight}
        reveal={selected === null ? null : order.indexOf(selected)}
        label="Concepts of the map"
        role="list"
        render={(i) => {
          const concept = order[i]!;
          const value = values?.[concept] ?? NaN;
          return (
            <a
              class={concept === selected ? "map-list-row map-list-selected" : "map-list-row"}
              href={explorer.href({ view: "concept", concept })}
            >
              <ConceptLabelLine opened={opened} concept={concept} />
              <span class="map-list-figures">
                {modalityWords(concepts.modalityScore[concept]!, activeRows(concepts, concept))} · energy{" "}
                {significant(concepts.energy[concept]!)}
                {colour !== "modalityScore" && colour !== "energy"
                  ? ` · ${facts.name.toLowerCase()} ${Number.isNaN(value) ? "–" : facts.say(value)}`
                  : ""}
              </span>
            </a>
          );
        }}
      />
    </section>
  );
}
