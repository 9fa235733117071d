/** Strongest bridges of a concept in one direction, each a link to the other end. */
import type { JSX } from "preact";
import type { Bridge } from "../data/dictionary-tables.ts";
import { useExplorer, type Loaded } from "../explorer-context.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { valueOf } from "../stores/loadable.ts";
import { Failure } from "../widgets/failure.tsx";
import { Meter } from "../widgets/meter.tsx";
import { count, fixed, probability, significant } from "../widgets/number-text.ts";
import { Term } from "../widgets/term.tsx";
import { ConceptLabelLine } from "./concept-label-line.tsx";

/** Bridges on the page. */
const longestList = 12;

interface BridgeListProps {
  title: string;
  loaded: Loaded<Bridge[]>;
  other: "imageConcept" | "textConcept";
  opened: OpenDictionary;
}

export function BridgeList({ title, loaded, other, opened }: BridgeListProps): JSX.Element {
  const explorer = useExplorer();
  const bridges = valueOf(loaded.content) ?? [];
  const pairs = valueOf(explorer.study.value)?.set.pairs;
  const strongest = Math.max(0, ...bridges.slice(0, longestList).map((bridge) => Math.abs(bridge.score)));
  return (
    <section>
      <h2>
        <Term of="bridge">{title}</Term>
      </h2>
      <Failure content={loaded.content} />
      {loaded.content.state === "ready" && bridges.length === 0 && (
        <p class="nothing">
          {pairs === 0
            ? "The set has no pairs, so there are no bridges: import it with --pairs or --paired-rows."
            : `None: it is not active on the ${other === "textConcept" ? "picture" : "caption"} of any matched pair.`}
        </p>
      )}
      {bridges.length > 0 && (
        <p class="link-legend">
          {bridges.length > longestList
            ? `strongest ${longestList} of ${count(bridges.length)}`
            : `${count(bridges.length)} in all`}
          , by <Term of="bridge">score</Term> · <Term of="cosine">cosine</Term> ·{" "}
          <Term of="qValue">q-value</Term>
        </p>
      )}
      <ul class="link-list">
        {bridges.slice(0, longestList).map((bridge) => (
          <li key={bridge[other]}>
            <a class="bridge-link" href={explorer.href({ view: "concept", concept: bridge[other] })}>
              <ConceptLabelLine opened={opened} concept={bridge[other]} />
              <span
                class="link-figures"
                title={`score ${significant(bridge.score)}, co-activation ${significant(bridge.coactivation)}, together on ${count(bridge.pairs)} pairs`}
              >
                <Meter share={strongest > 0 ? Math.abs(bridge.score) / strongest : 0} />
                {significant(bridge.score, 2)} · cosine {fixed(bridge.cosine, 2)} · q{" "}
                {probability(bridge.shuffleQ)}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
