/** The active concepts of a row as bars, strongest first, each a link to its page. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Modality } from "../../data/dictionary-tables.ts";
import { activeConcepts, type ActiveConcept } from "../../data/row-explained.ts";
import { useServices } from "../../explorer-context.ts";
import { dictionaryProblem } from "../../frame/dictionary-problem.tsx";
import { cssColour, modalityColour } from "../../map/modality-colours.ts";
import type { Table } from "../../stores/csv-text.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { useArrival } from "../../use-arrival.ts";
import { ChartFrame } from "../../widgets/chart/chart-frame.tsx";
import { Bars } from "../../widgets/chart/marks.tsx";
import { Failure } from "../../widgets/failure.tsx";
import { Meter } from "../../widgets/meter.tsx";
import { counted, percent, significant } from "../../widgets/number-text.ts";
import { SkeletonRows } from "../../widgets/skeleton.tsx";
import { Term } from "../../widgets/term.tsx";
import { ConceptLabelLine } from "../concept-label-line.tsx";

/** Concepts in the list at first. */
const longestList = 16;
const height = 76;

interface ItemConceptsProps {
  opened: OpenDictionary | null;
  side: Modality;
  row: number;
}

export function ItemConcepts({ opened, side, row }: ItemConceptsProps): JSX.Element {
  const { explorer } = useServices();
  const problem = dictionaryProblem(explorer);
  if (problem !== null) return <section class="item-panel">{problem}</section>;
  if (opened === null) {
    return (
      <section class="item-panel" aria-busy="true">
        <SkeletonRows count={8} height={46} />
      </section>
    );
  }
  return <Concepts opened={opened} side={side} row={row} />;
}

function Concepts({ opened, side, row }: ItemConceptsProps & { opened: OpenDictionary }): JSX.Element {
  const { explorer, theme } = useServices();
  const [all, setAll] = useState(false);
  const { content, stale } = useArrival(
    () => activeConcepts(opened.vectors, { side, row }),
    `${side} ${row}`,
    opened,
  );
  const active = valueOf(content) ?? [];
  const shown = all ? active : active.slice(0, longestList);
  const { concepts } = opened.tables;
  const colours = theme.theme.value;
  const size = (one: ActiveConcept): number => Math.abs(one.activation);
  const greatest = Math.max(1e-12, ...active.map(size));
  const withShares = active.some(({ share }) => share !== null);
  return (
    <section class={stale ? "item-panel stale" : "item-panel"} aria-busy={stale}>
      <ChartFrame
        title="Active concepts"
        term="activeConcepts"
        summary={
          active.length === 0
            ? "None."
            : `${counted(active.length, "concept")}, the strongest with activation ${significant(active[0]!.activation)}.`
        }
        note={content.state === "ready" && counted(active.length, "concept")}
        table={content.state === "ready" ? () => conceptTable(opened, active) : null}
        fileName={`${side}-${row}-concepts`}
        height={height}
        draw={({ width }) => {
          const step = Math.min(28, width / Math.max(1, active.length));
          return (
            <Bars
              bars={active.map((one, i) => ({
                x: i * step + (step > 3 ? 0.5 : 0),
                width: step - (step > 3 ? 1 : 0),
                from: height,
                to: height - (size(one) / greatest) * (height - 2),
                title: `Concept ${one.concept}: activation ${significant(one.activation)}`,
                fill: cssColour(modalityColour(concepts.modalityScore[one.concept]!, colours)),
              }))}
            />
          );
        }}
      />
      <Failure content={content} />
      {content.state === "loading" && <SkeletonRows count={8} height={46} />}
      {content.state === "ready" && active.length === 0 && (
        <p class="nothing">
          No concept of this dictionary is active on it: its embedding is rebuilt from the bias alone.
        </p>
      )}
      {active.length > 0 && (
        <p class="link-legend">
          strongest first, coloured by <Term of="modalityScore">modality</Term> · activation
          {withShares && (
            <>
              {" · "}
              <Term of="share">share of the reconstruction</Term>
            </>
          )}
        </p>
      )}
      <ul class="link-list">
        {shown.map((one) => (
          <li key={one.concept}>
            <a href={explorer.href({ view: "concept", concept: one.concept })}>
              <ConceptLabelLine opened={opened} concept={one.concept} />
              <span class="link-figures">
                <Meter share={size(one) / greatest} tone={side} />
                {significant(one.activation)}
                {one.share !== null && ` · ${percent(one.share)}`}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {active.length > longestList && (
        <button type="button" class="link-button" onClick={() => setAll(!all)}>
          {all ? `Show the strongest ${longestList}` : `Show all ${active.length}`}
        </button>
      )}
    </section>
  );
}

function conceptTable({ labels }: OpenDictionary, active: readonly ActiveConcept[]): Table {
  return {
    columns: ["concept", "name", "activation", "share of the reconstruction"],
    rows: active.map(({ concept, activation, share }) => [
      concept,
      labels.nameOf(concept)?.text ?? null,
      activation,
      share,
    ]),
  };
}
