/** The Pareto front of the study's dictionaries, two of them concept by concept, and the course of their training. */
import "./compare-view.css";
import type { JSX } from "preact";
import { useExplorer } from "../../explorer-context.ts";
import { valueOf } from "../../stores/loadable.ts";
import { Notice } from "../../widgets/notice.tsx";
import type { ViewProps } from "../view.ts";
import { DictionaryPair } from "./dictionary-pair.tsx";
import { ParetoChart } from "./pareto-chart.tsx";
import { TrainingCurves } from "./training-curves.tsx";
import { useLiveStudy } from "./use-live-study.ts";

export function CompareView({ opened }: ViewProps): JSX.Element {
  const explorer = useExplorer();
  const study = valueOf(explorer.study.value);
  const { dictionaries, training, fresh } = useLiveStudy(study);
  if (study === null) return <div aria-busy="true" />;
  if (dictionaries.length === 0 && training.length === 0) {
    return (
      <Notice title="This study has no dictionary yet">
        <p>
          Train some: <code>viaduct sweep &lt;set&gt; --out &lt;study&gt;</code>. They appear here as they
          train.
        </p>
      </Notice>
    );
  }
  return (
    <div class="compare-view">
      {fresh.length > 0 && (
        <p class="compare-fresh" role="status">
          {fresh.join(", ")} {fresh.length === 1 ? "has" : "have"} ended since this page was opened.{" "}
          <button type="button" class="link-button" onClick={() => explorer.retry()}>
            Open the study anew
          </button>
        </p>
      )}
      {dictionaries.length > 0 && <ParetoChart dictionaries={dictionaries} />}
      {study.dictionaries.length > 0 && <DictionaryPair opened={opened} dictionaries={study.dictionaries} />}
      <TrainingCurves dictionaries={dictionaries} training={training} />
    </div>
  );
}
