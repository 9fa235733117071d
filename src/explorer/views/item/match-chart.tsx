/** The parts of a similarity one after another, each beginning where the one before ended. */
import type { JSX } from "preact";
import type { Match } from "../../data/row-explained.ts";
import { AxisBelow } from "../../widgets/chart/axis.tsx";
import { linearScale } from "../../widgets/chart/scale.ts";
import { fixed } from "../../widgets/number-text.ts";

const bar = 22;
const axis = 24;
export const matchChartHeight = 2 * bar + 14 + axis;

export interface MatchPart {
  name: "Shared concepts" | "Bridges" | "Remainder";
  tone: "shared" | "bridge" | "remainder";
  value: number;
  /** Where it begins. */
  from: number;
}

export function matchParts({ shared, bridges, remainder }: Match): MatchPart[] {
  const parts: MatchPart[] = [
    { name: "Shared concepts", tone: "shared", value: shared, from: 0 },
    { name: "Bridges", tone: "bridge", value: bridges, from: shared },
  ];
  if (remainder !== null) {
    parts.push({ name: "Remainder", tone: "remainder", value: remainder, from: shared + bridges });
  }
  return parts;
}

export function MatchChart({ match, width }: { match: Match; width: number }): JSX.Element {
  const parts = matchParts(match);
  const ends = [0, ...parts.map(({ from, value }) => from + value)];
  const [least, greatest] = [Math.min(...ends), Math.max(...ends)];
  const scale = linearScale([least, greatest > least ? greatest : least + 1], [1, width - 1]);
  const backwards = parts.some(({ value }) => value < 0);
  // Bars that turn back would cover those before: each has a lane of its own then.
  const lane = (i: number): { y: number; height: number } =>
    backwards
      ? { y: 4 + (i * (2 * bar)) / parts.length, height: (2 * bar) / parts.length - 2 }
      : { y: 4 + bar / 2, height: bar };
  const foot = 2 * bar + 10;
  return (
    <>
      {parts.map(({ name, tone, value, from }, i) => {
        const [a, b] = [scale(from), scale(from + value)];
        return (
          <rect
            key={name}
            class={`match-${tone}`}
            x={Math.min(a, b)}
            width={Math.max(1, Math.abs(b - a))}
            {...lane(i)}
            rx={1}
          >
            <title>{`${name}: ${fixed(value, 4)}`}</title>
          </rect>
        );
      })}
      <line class="match-zero" x1={scale(0)} x2={scale(0)} y1={0} y2={foot} />
      <AxisBelow scale={scale} at={foot} count={5} />
    </>
  );
}
