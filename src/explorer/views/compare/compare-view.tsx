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

export function CompareView({ opened }: ViewProps): JSX.Element {
  const explorer = useExplorer();
  const study = valueOf(explorer.study.value);
  if (study === null) return <div aria-busy="true" />;
  if (study.dictionaries.length === 0) {
    return (
      <Notice title="This study has no dictionary yet">
        <p>
          Train some: <code>viaduct sweep &lt;set&gt; --out &lt;study&gt;</code>. They appear here when you
          reload.
        </p>
      </Notice>
    );
  }
  return (
    <div class="compare-view">
      <ParetoChart dictionaries={study.dictionaries} />
      <DictionaryPair opened={opened} dictionaries={study.dictionaries} />
      <TrainingCurves dictionaries={study.dictionaries} />
    </div>
  );
}
