/** The strongest listed bridges as lines between picture concepts and caption concepts, as few crossing as can be. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useExplorer } from "../../explorer-context.ts";
import { isSignificantRow, uncrossed } from "../../stores/bridge-selection.ts";
import { ChartFrame } from "../../widgets/chart/chart-frame.tsx";
import { count, counted } from "../../widgets/number-text.ts";
import { bridgeTable, bridgeWords, endName, useEndNames, type BridgeDrawingProps } from "./bridge-ends.ts";

const strongest = 80;
const step = 20;
const widest = 9;

export function BridgeGraph({ opened, bridges, order }: BridgeDrawingProps): JSX.Element {
  const explorer = useExplorer();
  const names = useEndNames(opened);
  const lines = order.subarray(0, strongest);
  const { image, text } = useMemo(() => uncrossed(bridges, order, strongest), [bridges, order]);
  const greatest = bridges.score[order[0]!]!;
  const height = Math.max(image.length, text.length) * step + 40;
  return (
    <div class="bridge-drawing">
      <ChartFrame
        title={`The ${count(lines.length)} strongest of ${counted(order.length, "listed bridge")}`}
        term="bridge"
        summary={`Lines from ${counted(image.length, "picture concept")} on the left to ${counted(text.length, "caption concept")} on the right, wider for a higher score.`}
        table={() => bridgeTable(bridges, lines, names)}
        fileName={`bridge-graph-${opened.summary.name}`}
        height={height}
        interactive
        draw={({ width }) => {
          const side = Math.min(280, width * 0.34);
          const place = (ends: readonly number[]): Map<number, number> =>
            new Map(
              ends.map((concept, at) => [
                concept,
                32 + ((at + 0.5) * (height - 40)) / Math.max(1, ends.length),
              ]),
            );
          const left = place(image);
          const right = place(text);
          const middle = width / 2;
          return (
            <>
              <text class="graph-side side-image" x={side - 10} y={14} text-anchor="end">
                {width < 500 ? "on pictures" : "active on pictures"}
              </text>
              <text class="graph-side side-text" x={width - side + 10} y={14}>
                {width < 500 ? "on captions" : "active on their captions"}
              </text>
              {Array.from(lines, (e) => {
                const from = left.get(bridges.imageConcept[e]!)!;
                const to = right.get(bridges.textConcept[e]!)!;
                return (
                  <path
                    key={e}
                    class={isSignificantRow(bridges, e) ? "graph-line graph-significant" : "graph-line"}
                    d={`M${side},${from}C${middle},${from} ${middle},${to} ${width - side},${to}`}
                    stroke-width={Math.max(0.75, (widest * bridges.score[e]!) / greatest)}
                  >
                    <title>
                      {`${names(bridges.imageConcept[e]!)} – ${names(bridges.textConcept[e]!)}: ${bridgeWords(bridges, e)}`}
                    </title>
                  </path>
                );
              })}
              {[...left].map(([concept, y]) => (
                <a key={`i${concept}`} href={explorer.href({ view: "concept", concept })}>
                  <circle class="graph-end-image" cx={side} cy={y} r={3.5} />
                  <text class="matrix-name side-image" x={side - 10} y={y + 4} text-anchor="end">
                    {endName(names, concept, Math.floor(side / 7.4))}
                  </text>
                </a>
              ))}
              {[...right].map(([concept, y]) => (
                <a key={`t${concept}`} href={explorer.href({ view: "concept", concept })}>
                  <circle class="graph-end-text" cx={width - side} cy={y} r={3.5} />
                  <text class="matrix-name side-text" x={width - side + 10} y={y + 4}>
                    {endName(names, concept, Math.floor(side / 7.4))}
                  </text>
                </a>
              ))}
            </>
          );
        }}
      >
        <p class="link-legend">Dark lines: significant. Width: the score.</p>
      </ChartFrame>
    </div>
  );
}
