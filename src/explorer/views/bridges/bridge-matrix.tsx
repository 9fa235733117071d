/** The ends of the strongest listed bridges as rows and columns, and every listed bridge between them as a square. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useExplorer } from "../../explorer-context.ts";
import { isSignificantRow, uncrossed } from "../../stores/bridge-selection.ts";
import { ChartFrame } from "../../widgets/chart/chart-frame.tsx";
import { counted } from "../../widgets/number-text.ts";
import { bridgeTable, bridgeWords, endName, useEndNames, type BridgeDrawingProps } from "./bridge-ends.ts";

/** Bridges that choose the rows and columns. */
const strongest = 40;
const cell = 18;
const room = { left: 210, top: 150 };

export function BridgeMatrix({ opened, bridges, order }: BridgeDrawingProps): JSX.Element {
  const explorer = useExplorer();
  const names = useEndNames(opened);
  const { image, text } = useMemo(() => uncrossed(bridges, order, strongest), [bridges, order]);
  const shown = useMemo(() => {
    const rows = new Map(image.map((concept, at) => [concept, at]));
    const columns = new Map(text.map((concept, at) => [concept, at]));
    return Array.from(order).flatMap((e) => {
      const row = rows.get(bridges.imageConcept[e]!);
      const column = columns.get(bridges.textConcept[e]!);
      return row === undefined || column === undefined ? [] : [{ e, row, column }];
    });
  }, [bridges, order, image, text]);
  const greatest = Math.max(...shown.map(({ e }) => bridges.score[e]!));
  const title = `The ${counted(Math.min(strongest, order.length), "strongest listed bridge")} and all listed ones between their concepts`;
  return (
    <div class="bridge-drawing">
      <ChartFrame
        title={title}
        term="bridge"
        summary={`${counted(shown.length, "bridge")} between ${counted(image.length, "picture concept")} and ${counted(text.length, "caption concept")}; darker is stronger.`}
        table={() =>
          bridgeTable(
            bridges,
            shown.map(({ e }) => e),
            names,
          )
        }
        fileName={`bridge-matrix-${opened.summary.name}`}
        height={room.top + image.length * cell + 8}
        interactive
        draw={({ width }) => {
          // Names give way before squares do.
          const left = Math.max(90, Math.min(room.left, width - text.length * cell - 8));
          const x = (column: number): number =>
            left + column * Math.min(cell, (width - left - 8) / text.length);
          const size = x(1) - x(0);
          return (
            <>
              {image.map((concept, row) => (
                <a key={concept} href={explorer.href({ view: "concept", concept })}>
                  <text
                    class="matrix-name side-image"
                    x={left - 6}
                    y={room.top + row * cell + 13}
                    text-anchor="end"
                  >
                    {endName(names, concept, Math.floor(left / 7.4))}
                  </text>
                </a>
              ))}
              {text.map((concept, column) => (
                <a key={concept} href={explorer.href({ view: "concept", concept })}>
                  <text
                    class="matrix-name side-text"
                    transform={`translate(${x(column) + size / 2 + 4} ${room.top - 6}) rotate(-60)`}
                  >
                    {endName(names, concept, 24)}
                  </text>
                </a>
              ))}
              {shown.map(({ e, row, column }) => (
                <rect
                  key={e}
                  class={isSignificantRow(bridges, e) ? "matrix-cell matrix-significant" : "matrix-cell"}
                  x={x(column) + 1}
                  y={room.top + row * cell + 1}
                  width={size - 2}
                  height={cell - 2}
                  fill-opacity={0.15 + 0.85 * Math.sqrt(bridges.score[e]! / greatest)}
                >
                  <title>
                    {`${names(bridges.imageConcept[e]!)} – ${names(bridges.textConcept[e]!)}: ${bridgeWords(bridges, e)}`}
                  </title>
                </rect>
              ))}
            </>
          );
        }}
      >
        <p class="link-legend">Framed: significant. Colour: the square root of the score.</p>
      </ChartFrame>
    </div>
  );
}
