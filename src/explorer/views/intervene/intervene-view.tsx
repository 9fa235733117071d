/** Switch concepts off or scale them, and see gap, retrieval and nearest rows change. */
import "./intervene-view.css";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";
import { useShortcuts } from "../../frame/use-shortcuts.ts";
import { noIntervention, withScale } from "../../intervention/concept-scales.ts";
import { whyNoIntervention } from "../../intervention/read-intervention.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { Notice } from "../../widgets/notice.tsx";
import { fixed, percent } from "../../widgets/number-text.ts";
import { SkeletonRows } from "../../widgets/skeleton.tsx";
import { Term } from "../../widgets/term.tsx";
import type { ViewProps } from "../view.ts";
import { KeptSetChoice } from "./kept-set-choice.tsx";
import { NearestPanel } from "./nearest-panel.tsx";
import { OutcomePanel } from "./outcome-panel.tsx";
import { ScaledConcepts } from "./scaled-concepts.tsx";
import { SearchedChoice } from "./searched-choice.tsx";
import { useIntervention } from "./use-intervention.ts";

export function InterveneView({ opened }: ViewProps): JSX.Element {
  const { explorer } = useServices();
  const set = valueOf(explorer.study.value)?.set ?? null;
  if (opened === null || set === null) {
    return (
      <div class="intervene-view" aria-busy="true">
        <SkeletonRows count={6} height={46} />
      </div>
    );
  }
  const missing = whyNoIntervention(set, opened.summary);
  if (missing !== null) {
    return (
      <Notice title="Nothing can be switched off here">
        <p>{missing}</p>
      </Notice>
    );
  }
  return <Page key={opened.summary.name} opened={opened} />;
}

function Page({ opened }: { opened: OpenDictionary }): JSX.Element {
  const { explorer, announcer } = useServices();
  const intervening = useIntervention(opened);
  const { session } = intervening;
  const { concept, scaled } = explorer.address.value;
  const content = session.opened.value;
  const computed = session.computed.value;
  useShortcuts("Intervene", [
    {
      keys: ["o"],
      does: "switch the selected concept off, or on again",
      run(): false | void {
        if (concept === null) return false;
        const off = scaled.some((one) => one.concept === concept && one.scale === 0);
        explorer.navigate({ scaled: withScale(scaled, concept, off ? null : 0) }, "replace");
      },
    },
    { keys: ["r"], does: "all concepts as they are", run: () => explorer.navigate(noIntervention) },
  ]);
  useEffect(() => {
    if (computed === null || session.busy.peek()) return undefined;
    // Once it rests: a slider passes many values.
    const later = setTimeout(() => {
      const { gap, recall } = computed.outcome;
      const at1 =
        recall === null ? "" : `, captions find their picture first in ${percent(recall.textToImage.at1)}`;
      announcer.say(`Modality gap ${fixed(gap, 3)}${at1}`);
    }, 800);
    return () => clearTimeout(later);
  }, [computed]);
  return (
    <div class="intervene-view">
      <div class="intervene-controls">
        <p class="intervene-words">
          <Term of="intervention">What this does</Term>: pictures and captions are rebuilt from their concepts
          with those below switched off or scaled.
        </p>
        <KeptSetChoice opened={opened} intervening={intervening} />
        <ScaledConcepts opened={opened} />
      </div>
      <div class="intervene-results">
        {content.state === "failed" ? (
          <Notice kind="error" title="This cannot be computed">
            <p>{content.reason}</p>
          </Notice>
        ) : (
          <>
            <OutcomePanel opened={opened} intervening={intervening} />
            <SearchedChoice session={session} />
            <NearestPanel opened={opened} session={session} />
          </>
        )}
      </div>
    </div>
  );
}
