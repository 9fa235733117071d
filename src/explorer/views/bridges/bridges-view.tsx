/** All bridges worth showing, narrowed and strongest first: as a list of two sides, a matrix or a graph. */
import "./bridges-view.css";
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { BridgeColumns } from "../../data/dictionary-tables.ts";
import { useExplorer } from "../../explorer-context.ts";
import { isSignificantRow, selectBridges, type BridgeKind } from "../../stores/bridge-selection.ts";
import { csvText } from "../../stores/csv-text.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { failed, loading, ready, valueOf, type Loadable } from "../../stores/loadable.ts";
import { Failure } from "../../widgets/failure.tsx";
import { Notice } from "../../widgets/notice.tsx";
import { count, counted } from "../../widgets/number-text.ts";
import { saveFile } from "../../widgets/save-file.ts";
import { Term } from "../../widgets/term.tsx";
import type { ViewProps } from "../view.ts";
import { BridgeGraph } from "./bridge-graph.tsx";
import { BridgeMatrix } from "./bridge-matrix.tsx";
import { BridgeRows } from "./bridge-rows.tsx";
import type { BridgeDrawingProps } from "./bridge-ends.ts";
import type { BridgeDrawing } from "./bridges.ts";

const kinds: Readonly<Record<BridgeKind, string>> = {
  all: "any two concepts",
  single: "a picture concept and a caption concept",
  half: "one of these and one of both",
  bimodal: "two concepts of both",
};

const drawings: Readonly<Record<BridgeDrawing, string>> = {
  list: "List",
  matrix: "Matrix",
  graph: "Graph",
};

export function BridgesView({ opened }: ViewProps): JSX.Element {
  const explorer = useExplorer();
  const { filter, bridgeDrawing, bridgeKind, bridgeDifferent, bridgeSignificant, bridgeScore, bridgeQ } =
    explorer.address.value;
  const { content, complete } = useBridges(opened);
  const bridges = valueOf(content);
  const labels = opened?.labels;
  const text = filter.text.trim();
  if (text !== "") labels?.wantAll();
  const revision =
    text === "" || labels === undefined ? 0 : labels.revision.value + labels.names.revision.value;
  const order = useMemo(
    () =>
      bridges === null || opened === null
        ? null
        : selectBridges(
            bridges,
            opened.tables.concepts,
            {
              text,
              kind: bridgeKind,
              different: bridgeDifferent,
              significant: bridgeSignificant,
              score: bridgeScore,
              q: bridgeQ,
            },
            (j) => opened.labels.searchText(j),
          ),
    [bridges, opened, text, revision, bridgeKind, bridgeDifferent, bridgeSignificant, bridgeScore, bridgeQ],
  );
  const all = opened?.tables.concepts.imageBridges.reduce((sum, one) => sum + one, 0) ?? null;
  const pairs = valueOf(explorer.study.value)?.set.pairs;
  return (
    <div class="bridges-view">
      <div class="bridge-filters">
        <input
          type="search"
          placeholder="Words of a concept"
          aria-label="Filter bridges by the words of either concept, or by number"
          value={filter.text}
          onInput={(event) => explorer.setFilter({ text: event.currentTarget.value })}
        />
        <label>
          <span>Joins</span>
          <select
            value={bridgeKind}
            onChange={(event) =>
              explorer.navigate({ bridgeKind: event.currentTarget.value as BridgeKind }, "replace")
            }
          >
            {Object.entries(kinds).map(([kind, name]) => (
              <option key={kind} value={kind}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <div class="bridge-field">
          <span>
            <Term of="bridge">Score</Term> at least
          </span>
          <input
            type="number"
            aria-label="Score at least"
            min="0"
            step="any"
            inputMode="decimal"
            value={bridgeScore === 0 ? "" : bridgeScore}
            placeholder="0"
            onChange={(event) =>
              explorer.navigate(
                { bridgeScore: Math.max(0, Number(event.currentTarget.value) || 0) },
                "replace",
              )
            }
          />
        </div>
        <div class="bridge-field">
          <span>
            <Term of="qValue">q</Term> at most
          </span>
          <input
            type="number"
            aria-label="q at most"
            min="0"
            max="1"
            step="any"
            inputMode="decimal"
            value={bridgeQ === 1 ? "" : bridgeQ}
            placeholder="1"
            title="Of the larger of both q-values: against shuffled pairs and against the permuted dictionary"
            onChange={(event) => {
              const q = event.currentTarget.value === "" ? 1 : Number(event.currentTarget.value);
              explorer.navigate({ bridgeQ: Math.min(1, Math.max(0, q)) }, "replace");
            }}
          />
        </div>
        <label class="bridge-check">
          <input
            type="checkbox"
            checked={bridgeDifferent}
            onChange={(event) =>
              explorer.navigate({ bridgeDifferent: event.currentTarget.checked }, "replace")
            }
          />
          different concepts only
        </label>
        <div class="bridge-field bridge-check">
          <input
            type="checkbox"
            aria-label="significant only"
            checked={bridgeSignificant}
            onChange={(event) =>
              explorer.navigate({ bridgeSignificant: event.currentTarget.checked }, "replace")
            }
          />
          <Term of="significantBridge">significant</Term> only
        </div>
        <div class="choice" role="group" aria-label="Show bridges as">
          {Object.entries(drawings).map(([drawing, name]) => (
            <button
              key={drawing}
              type="button"
              aria-pressed={drawing === bridgeDrawing}
              onClick={() => explorer.navigate({ bridgeDrawing: drawing as BridgeDrawing })}
            >
              {name}
            </button>
          ))}
        </div>
      </div>
      <p class="bridge-count" aria-live="polite">
        {order === null || bridges === null ? (
          "reading bridges …"
        ) : (
          <>
            {count(order.length)} of {complete ? "" : "the strongest "}
            {counted(bridges.count, "bridge")} worth showing, of {count(all)} in all;{" "}
            {complete
              ? `${count(order.reduce((sum, e) => sum + (isSignificantRow(bridges, e) ? 1 : 0), 0))} significant ◆`
              : "reading the others …"}
            {complete && order.length > 0 && (
              <button type="button" class="link-button" onClick={() => saveBridges(opened!, bridges, order)}>
                download as CSV
              </button>
            )}
          </>
        )}
      </p>
      <Failure content={content} />
      {pairs === 0 ? (
        <Notice title="No pairs, no bridges">
          <p>
            Bridges are measured on matched pictures and captions, and this set has none. Import it with{" "}
            <code>--pairs</code> or <code>--paired-rows</code>.
          </p>
        </Notice>
      ) : order !== null && bridges !== null && order.length === 0 && complete ? (
        <Notice title="No bridge passes the filters">
          <p>Lower the score, allow bridges that may be chance, or clear the words.</p>
          <button
            type="button"
            class="button"
            onClick={() => {
              explorer.setFilter({ text: "" });
              explorer.navigate(
                {
                  bridgeKind: "all",
                  bridgeDifferent: false,
                  bridgeSignificant: false,
                  bridgeScore: 0,
                  bridgeQ: 1,
                },
                "replace",
              );
            }}
          >
            Clear all filters
          </button>
        </Notice>
      ) : (
        order !== null &&
        bridges !== null &&
        opened !== null && <Drawing {...{ opened, bridges, order }} drawing={bridgeDrawing} />
      )}
    </div>
  );
}

function Drawing({ drawing, ...props }: BridgeDrawingProps & { drawing: BridgeDrawing }): JSX.Element {
  switch (drawing) {
    case "list":
      return <BridgeRows {...props} />;
    case "matrix":
      return <BridgeMatrix {...props} />;
    case "graph":
      return <BridgeGraph {...props} />;
  }
}

interface ReadBridges {
  content: Loadable<BridgeColumns>;
  /** Whether these are all; the strongest come first. */
  complete: boolean;
}

function useBridges(opened: OpenDictionary | null): ReadBridges {
  const [read, setRead] = useState<ReadBridges>({ content: loading, complete: false });
  useEffect(() => {
    let current = true;
    const show = (content: Loadable<BridgeColumns>, complete: boolean): void => {
      if (current) setRead({ content, complete });
    };
    show(loading, false);
    void opened?.tables
      .strongestBridges()
      .then((strongest) => {
        if (strongest !== null) show(ready(strongest), false);
        return opened.tables.allBridges();
      })
      .then(
        (all) => show(ready(all), true),
        (error: unknown) => show(failed(error), true),
      );
    return () => {
      current = false;
    };
  }, [opened]);
  return read;
}

function saveBridges(opened: OpenDictionary, bridges: BridgeColumns, order: Uint32Array): void {
  const columns = [
    "imageConcept",
    "textConcept",
    "score",
    "cosine",
    "pairs",
    "shuffleQ",
    "permutedQ",
  ] as const;
  const rows = Array.from(order, (e) => columns.map((column) => bridges[column][e]!));
  saveFile(
    `bridges-${opened.summary.name}.csv`,
    csvText({ columns: [...columns], rows }),
    "text/csv;charset=utf-8",
  );
}
