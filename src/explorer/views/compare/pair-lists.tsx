/** The concepts that both dictionaries have, and those that only one has, as lists of two sides. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useExplorer } from "../../explorer-context.ts";
import { useShortcuts } from "../../frame/use-shortcuts.ts";
import {
  conceptPairs,
  orderedPairs,
  pairLists,
  type ConceptPair,
  type PairList,
  type PairOrder,
} from "../../stores/concept-pairs.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { Meter } from "../../widgets/meter.tsx";
import { count, fixed } from "../../widgets/number-text.ts";
import { VirtualRows } from "../../widgets/virtual-rows.tsx";
import { ConceptLabelLine } from "../concept-label-line.tsx";
import type { PairOfDictionaries } from "./dictionary-pair.tsx";
import { PairExamples } from "./pair-examples.tsx";

/** Of a row, where both sides lie beside each other and where one lies below the other. */
const heights = { wide: 54, narrow: 104 };
const mostHeight = 440;

const orders: Readonly<Record<PairOrder, string>> = {
  energy: "most energetic first",
  "most-alike": "most alike first",
  "least-alike": "least alike first",
};

export function PairLists({ pair }: { pair: PairOfDictionaries }): JSX.Element {
  const explorer = useExplorer();
  const { pairList, pairOrder, alikeFrom, concept } = explorer.address.value;
  const { first, second, match } = pair;
  const there = first.tables.hasColumns(["energy"]) && second.tables.hasColumns(["energy"]);
  const energies = { first: first.tables.concepts.energy, second: second.tables.concepts.energy };
  const lists = useMemo(
    () => (there ? conceptPairs({ ...match, ...energies }, alikeFrom) : null),
    [there, match, alikeFrom],
  );
  const rows = useMemo(
    () => (lists === null ? [] : orderedPairs(lists[pairList], pairOrder, pairList, energies)),
    [lists, pairList, pairOrder],
  );
  const place = rows.findIndex((row) => row.first !== null && row.first === concept);
  const selected = rows[place] ?? null;
  const step = (by: number) => (): false | void => {
    let at = place < 0 ? (by > 0 ? 0 : rows.length - 1) : place + by;
    // Concepts that only the second has are no concepts of the open dictionary.
    while (rows[at] !== undefined && rows[at]!.first === null) at += by;
    const next = rows[at];
    if (next === undefined) return false;
    explorer.navigate({ concept: next.first }, "replace");
  };
  useShortcuts("Two dictionaries", [
    { keys: ["j"], does: "next pair", run: step(1) },
    { keys: ["k"], does: "previous pair", run: step(-1) },
  ]);
  const rowHeight = matchMedia("(max-width: 640px)").matches ? heights.narrow : heights.wide;
  const names: Readonly<Record<PairList, string>> = {
    matched: "in both",
    "only-first": `only in ${first.summary.name}`,
    "only-second": `only in ${second.summary.name}`,
  };
  return (
    <>
      <div class="pair-controls">
        <div class="choice" role="group" aria-label="Concepts">
          {pairLists.map((list) => (
            <button
              key={list}
              type="button"
              aria-pressed={list === pairList}
              onClick={() => explorer.navigate({ pairList: list }, "replace")}
            >
              {names[list]} <span class="search-count">{count(lists?.[list].length ?? null)}</span>
            </button>
          ))}
        </div>
        <label>
          the same from cosine{" "}
          <input
            type="number"
            min={0}
            max={1}
            step={0.05}
            value={alikeFrom}
            onChange={(event) => {
              const value = Number(event.currentTarget.value);
              if (value >= 0 && value <= 1) explorer.navigate({ alikeFrom: value }, "replace");
            }}
          />
        </label>
        <label>
          <span class="visually-hidden">Order</span>
          <select
            value={pairOrder}
            onChange={(event) =>
              explorer.navigate({ pairOrder: event.currentTarget.value as PairOrder }, "replace")
            }
          >
            {Object.entries(orders).map(([order, words]) => (
              <option key={order} value={order}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </div>
      {selected !== null && <PairExamples pair={pair} chosen={selected} />}
      <div
        class="pair-table"
        style={{ height: `${Math.min(mostHeight, Math.max(1, rows.length) * rowHeight + 2)}px` }}
      >
        {rows.length === 0 ? (
          <p class="nothing">{lists === null ? "…" : "None with this threshold."}</p>
        ) : (
          <VirtualRows
            count={rows.length}
            rowHeight={rowHeight}
            reveal={place < 0 ? null : place}
            label={`Concepts ${names[pairList]}`}
            role="list"
            render={(i) => <PairLine pair={pair} row={rows[i]!} selected={i === place} />}
          />
        )}
      </div>
      <p class="link-legend">
        Concepts that are never active are left out. A pair below the threshold is listed with each
        dictionary's own, beside the concept that it was matched with.
      </p>
    </>
  );
}

interface PairLineProps {
  pair: PairOfDictionaries;
  row: ConceptPair;
  selected: boolean;
}

function PairLine({ pair: { first, second }, row, selected }: PairLineProps): JSX.Element {
  const explorer = useExplorer();
  return (
    <div class={selected ? "pair-line pair-line-selected" : "pair-line"}>
      <Side opened={first} concept={row.first} />
      <button
        type="button"
        class="pair-cosine"
        disabled={row.first === null}
        aria-pressed={selected}
        title="Show examples of both"
        onClick={() => explorer.navigate({ concept: selected ? null : row.first }, "replace")}
      >
        {row.cosine === null ? (
          "no partner"
        ) : (
          <>
            <Meter share={row.cosine} />
            <span>{fixed(row.cosine, 2)}</span>
          </>
        )}
      </button>
      <Side opened={second} concept={row.second} />
    </div>
  );
}

function Side({ opened, concept }: { opened: OpenDictionary; concept: number | null }): JSX.Element {
  const explorer = useExplorer();
  if (concept === null) return <span class="pair-none">–</span>;
  const isOpen = explorer.dictionary.value?.name === opened.summary.name;
  const to = isOpen
    ? ({ view: "concept", concept } as const)
    : explorer.conceptOf(opened.summary.name, concept);
  return (
    <a href={explorer.href(to)}>
      <ConceptLabelLine opened={opened} concept={concept} />
    </a>
  );
}
