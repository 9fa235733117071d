/** What the intervention did, as numbers and as a drawing. */
import type { JSX } from "preact";
import { useExplorer } from "../../explorer-context.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { ChartFrame } from "../../widgets/chart/chart-frame.tsx";
import { count, fixed } from "../../widgets/number-text.ts";
import { Skeleton } from "../../widgets/skeleton.tsx";
import { Term } from "../../widgets/term.tsx";
import { drawingHeight, OutcomeDrawing } from "./outcome-drawing.tsx";
import { outcomeRows, type OutcomeRow } from "./outcome-rows.ts";
import type { Intervening } from "./use-intervention.ts";

export function OutcomePanel({
  opened,
  intervening: { session, kept },
}: {
  opened: OpenDictionary;
  intervening: Intervening;
}): JSX.Element {
  const explorer = useExplorer();
  const open = valueOf(session.opened.value);
  const now = session.computed.value?.outcome ?? null;
  const busy = open === null || session.busy.value;
  const problem = session.problem.value;
  const rows = open === null ? [] : outcomeRows(open, now, kept);
  const drawn = rows.filter((row) => row.drawn);
  const withEmbeddings = rows.some(({ embeddings }) => embeddings !== null);
  const study = valueOf(explorer.study.value);
  const absent =
    study?.site === undefined
      ? "not here: put the set back beside the study"
      : "not part of this site: viaduct explore shows it, and so does a site exported with --queries";
  return (
    <section class="intervene-panel" aria-busy={busy}>
      {problem !== null && <p role="alert">{problem}</p>}
      {session.embeddingsProblem.value !== null && <p role="alert">{session.embeddingsProblem.value}</p>}
      {open === null ? (
        <Waiting stage={session.stage.value} />
      ) : (
        <>
          <h2>Before and now</h2>
          <div class="outcome-scroll">
            <table class="outcome-table">
              <thead>
                <tr>
                  <th scope="col">
                    <span class="visually-hidden">measure</span>
                  </th>
                  {withEmbeddings && (
                    <th scope="col" class="outcome-embeddings">
                      embeddings
                    </th>
                  )}
                  <th scope="col">all concepts</th>
                  <th scope="col">now</th>
                  <th scope="col">change</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.name}>
                    <th scope="row">
                      {row.term === null ? row.name : <Term of={row.term}>{row.name}</Term>}
                    </th>
                    {withEmbeddings && <td class="outcome-embeddings">{said(row, row.embeddings, "")}</td>}
                    <td>{said(row, row.before)}</td>
                    <td class="outcome-now">{said(row, row.now)}</td>
                    <td class="outcome-change">{changeOf(row)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {study?.set.similarity !== "embeddings" && (
            <p class="intervene-note">R² needs the embeddings, which are {absent}.</p>
          )}
        </>
      )}
      <ChartFrame
        title="Gap and recall"
        term="intervention"
        size="small"
        summary={
          drawn.length === 0
            ? "Not computed yet."
            : drawn.map((row) => `${row.name} ${said(row, row.before)}, now ${said(row, row.now)}`).join("; ")
        }
        table={
          open === null || now === null
            ? null
            : () => ({
                columns: ["measure", "embeddings", "all concepts", "now"],
                rows: rows.map(({ name, embeddings, before, now: value }) => [
                  name,
                  embeddings,
                  before,
                  value,
                ]),
              })
        }
        fileName={`${opened.summary.name}-intervention`}
        height={drawingHeight(7)}
        draw={({ width }) => drawn.length > 0 && <OutcomeDrawing rows={drawn} width={width} />}
      >
        <p class="link-legend">
          <span class="outcome-key outcome-key-before" aria-hidden="true" /> all concepts ·{" "}
          <span class="outcome-key outcome-key-now" aria-hidden="true" /> now
        </p>
      </ChartFrame>
    </section>
  );
}

function Waiting({ stage }: { stage: string }): JSX.Element {
  return (
    <>
      <h2>Before and now</h2>
      <p class="intervene-note" role="status">
        Reading: {stage}…
      </p>
      <div class="outcome-waiting">
        {Array.from({ length: 11 }, (_, i) => (
          <Skeleton key={i} width={`${60 + ((i * 29) % 35)}%`} />
        ))}
      </div>
    </>
  );
}

function said({ as }: OutcomeRow, value: number | null, absent = "–"): string {
  if (value === null) return absent;
  if (as === "count") return count(value);
  return as === "share" ? `${fixed(100 * value, 1)}%` : fixed(value, 3);
}

function changeOf(row: OutcomeRow): string {
  if (row.before === null || row.now === null) return "";
  const difference = row.now - row.before;
  const text =
    row.as === "count"
      ? count(Math.abs(difference))
      : fixed(Math.abs(row.as === "share" ? 100 * difference : difference), row.as === "share" ? 1 : 3);
  if (Number(text.replaceAll(",", "")) === 0) return "·";
  return `${difference > 0 ? "+" : "−"}${text}`;
}
