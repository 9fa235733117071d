/** Each measure as two dots on a line: before, and now. */
import type { JSX } from "preact";
import { AxisBelow } from "../../widgets/chart/axis.tsx";
import { Dots } from "../../widgets/chart/marks.tsx";
import { linearScale } from "../../widgets/chart/scale.ts";
import { fixed } from "../../widgets/number-text.ts";
import type { OutcomeRow } from "./outcome-rows.ts";

const line = 22;
const foot = 24;
const narrow = 460;

export function drawingHeight(rows: number): number {
  return rows * line + foot;
}

export function OutcomeDrawing({ rows, width }: { rows: readonly OutcomeRow[]; width: number }): JSX.Element {
  const left = width < narrow ? 108 : 190;
  const values = rows.flatMap(({ before, now }) => [before ?? 0, now ?? 0]);
  const scale = linearScale([0, Math.max(0.1, ...values)], [left, width - 10]);
  const step = Math.min(line, (drawingHeight(7) - foot) / rows.length);
  const bottom = step * rows.length;
  return (
    <>
      <AxisBelow scale={scale} at={bottom} count={width < narrow ? 3 : 5} grid={bottom} />
      {rows.map(({ name, before, now }, i) => {
        const y = (i + 0.5) * step;
        return (
          <g key={name}>
            <text class="outcome-name" x={left - 10} y={y} dy="0.32em" text-anchor="end" aria-hidden="true">
              {width < narrow ? short(name) : name}
            </text>
            {before !== null && now !== null && (
              <line class="outcome-line" x1={scale(before)} x2={scale(now)} y1={y} y2={y} />
            )}
            {before !== null && (
              <Dots
                tone="plain"
                dots={[
                  { x: scale(before), y, radius: 5, title: `${name}, all concepts: ${fixed(before, 3)}` },
                ]}
              />
            )}
            {now !== null && (
              <Dots
                tone="accent"
                dots={[{ x: scale(now), y, radius: 4, title: `${name}, now: ${fixed(now, 3)}` }]}
              />
            )}
          </g>
        );
      })}
    </>
  );
}

function short(name: string): string {
  return name
    .replace("caption → picture", "captions")
    .replace("picture → caption", "pictures")
    .replace("recall", "r")
    .replace("modality gap without biases", "no biases")
    .replace("modality gap", "gap");
}
