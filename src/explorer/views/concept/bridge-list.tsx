/** Strongest bridges of a concept in one direction, each a link to the other end. */
import "./bridge-list.css";
import type { JSX } from "preact";
import { isSignificant } from "../../../metrics/bridge-significance.ts";
import type { Bridge } from "../../data/dictionary-tables.ts";
import { useExplorer, type Loaded } from "../../explorer-context.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { Failure } from "../../widgets/failure.tsx";
import { Meter } from "../../widgets/meter.tsx";
import { count, fixed, probability, significant } from "../../widgets/number-text.ts";
import { Term } from "../../widgets/term.tsx";
import { BridgeExamples } from "./bridge-examples.tsx";
import { ConceptLabelLine } from "../concept-label-line.tsx";

/** Bridges on the page. */
const longestList = 12;

interface BridgeListProps {
  title: string;
  /** Those worth showing, strongest first: all significant ones among them. */
  loaded: Loaded<Bridge[]>;
  /** Bridges in this direction, whatever is shown of them. */
  total: number;
  other: "imageConcept" | "textConcept";
  opened: OpenDictionary;
}

export function BridgeList({ title, loaded, total, other, opened }: BridgeListProps): JSX.Element {
  const explorer = useExplorer();
  const bridges = valueOf(loaded.content) ?? [];
  const pairs = valueOf(explorer.study.value)?.set.pairs;
  const shown = bridges.slice(0, longestList);
  const strongest = Math.max(0, ...shown.map((bridge) => Math.abs(bridge.score)));
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
            : other === "textConcept"
              ? "None: on no matched pair is it active on the picture and a concept on the caption."
              : "None: on no matched pair is it active on the caption and a concept on the picture."}
        </p>
      )}
      {bridges.length > 0 && (
        <p class="link-legend">
          {total > shown.length ? `strongest ${shown.length} of ${count(total)}` : `${count(total)} in all`},
          by <Term of="bridge">score</Term> · {count(bridges.filter(isSignificant).length)}{" "}
          <Term of="significantBridge">significant ◆</Term> · <Term of="cosine">cosine</Term> ·{" "}
          <Term of="qValue">q-values</Term> against shuffled pairs, permuted dictionary
        </p>
      )}
      <ul class="link-list">
        {shown.map((bridge) => (
          <li key={bridge[other]}>
            <a
              class="bridge-link"
              href={explorer.href({ view: "concept", concept: bridge[other] })}
              aria-current={bridge.imageConcept === bridge.textConcept ? "page" : undefined}
            >
              <ConceptLabelLine opened={opened} concept={bridge[other]} />
              <span
                class="link-figures"
                title={`score ${significant(bridge.score)}, co-activation ${significant(bridge.coactivation)}, together on ${count(bridge.pairs)} pairs`}
              >
                <Meter share={strongest > 0 ? Math.abs(bridge.score) / strongest : 0} />
                {significant(bridge.score, 2)} · cosine {fixed(bridge.cosine, 2)} · q{" "}
                {probability(bridge.shuffleQ)}, {probability(bridge.permutedQ)}
                {isSignificant(bridge) && (
                  <span class="bridge-significant" role="img" aria-label="significant">
                    {" "}
                    ◆
                  </span>
                )}
              </span>
            </a>
            <BridgeExamples
              key={`${bridge.imageConcept} ${bridge.textConcept}`}
              opened={opened}
              imageConcept={bridge.imageConcept}
              textConcept={bridge.textConcept}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
