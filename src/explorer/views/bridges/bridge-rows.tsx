/** Bridges as a list of two sides: the concept of pictures, what joins them, the concept of captions. */
import type { JSX } from "preact";
import { useExplorer } from "../../explorer-context.ts";
import { isSignificantRow } from "../../stores/bridge-selection.ts";
import { Meter } from "../../widgets/meter.tsx";
import { count, fixed, probability, significant } from "../../widgets/number-text.ts";
import { Term } from "../../widgets/term.tsx";
import { VirtualRows } from "../../widgets/virtual-rows.tsx";
import { ConceptLabelLine } from "../concept-label-line.tsx";
import { bridgeWords, type BridgeDrawingProps } from "./bridge-ends.ts";

const rowHeight = 60;

export function BridgeRows({ opened, bridges, order }: BridgeDrawingProps): JSX.Element {
  const explorer = useExplorer();
  const strongest = order.length === 0 ? 0 : bridges.score[order[0]!]!;
  return (
    <div class="bridge-table">
      <div class="bridge-head">
        <span class="side-image">active on pictures</span>
        <span>
          <Term of="bridge">score</Term> · <Term of="cosine">cosine</Term> · pairs ·{" "}
          <Term of="qValue">q</Term>
        </span>
        <span class="side-text">active on their captions</span>
      </div>
      <VirtualRows
        count={order.length}
        rowHeight={rowHeight}
        reveal={null}
        label="Bridges, strongest first"
        role="list"
        render={(i) => {
          const e = order[i]!;
          const image = bridges.imageConcept[e]!;
          const text = bridges.textConcept[e]!;
          return (
            <div class="bridge-row">
              <a href={explorer.href({ view: "concept", concept: image })}>
                <ConceptLabelLine opened={opened} concept={image} />
              </a>
              <span class="bridge-middle" title={bridgeWords(bridges, e)}>
                <Meter share={bridges.score[e]! / strongest} />
                <span>
                  {significant(bridges.score[e]!, 2)} · {fixed(bridges.cosine[e]!, 2)} ·{" "}
                  {count(bridges.pairs[e]!)} · {probability(bridges.shuffleQ[e]!)},{" "}
                  {probability(bridges.permutedQ[e]!)}
                  {isSignificantRow(bridges, e) && (
                    <span role="img" aria-label="significant">
                      {" "}
                      ◆
                    </span>
                  )}
                </span>
              </span>
              {image === text ? (
                <span class="bridge-same">the same concept</span>
              ) : (
                <a href={explorer.href({ view: "concept", concept: text })}>
                  <ConceptLabelLine opened={opened} concept={text} />
                </a>
              )}
            </div>
          );
        }}
      />
    </div>
  );
}
