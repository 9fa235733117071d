/** R² against active concepts per row, a dot for each dictionary. */
import type { JSX } from "preact";
import type { DictionarySummary } from "../../../protocol/study-summary.ts";
import { useExplorer } from "../../explorer-context.ts";
import { AxisBelow, AxisLeft } from "../../widgets/chart/axis.tsx";
import { ChartFrame } from "../../widgets/chart/chart-frame.tsx";
import { Dots } from "../../widgets/chart/marks.tsx";
import { linearScale, logScale } from "../../widgets/chart/scale.ts";
import { count, fixed } from "../../widgets/number-text.ts";

const room = { left: 56, right: 20, top: 26, bottom: 40 };
const height = 340;

interface Measured {
  dictionary: DictionarySummary;
  active: number;
  r2: number;
}

export function ParetoChart({ dictionaries }: { dictionaries: readonly DictionarySummary[] }): JSX.Element {
  const explorer = useExplorer();
  const current = explorer.dictionary.value?.name ?? null;
  const measured = dictionaries.flatMap((dictionary): Measured[] => {
    const { activePerSample, r2 } = dictionary.all;
    return activePerSample === null || r2 === null || !(activePerSample > 0)
      ? []
      : [{ dictionary, active: activePerSample, r2 }];
  });
  const left = dictionaries.length - measured.length;
  return (
    <ChartFrame
      title="What dictionaries rebuild, and how sparsely"
      term="r2"
      summary={`${count(measured.length)} dictionaries: explained variance over active concepts per row; further up and to the left is better.`}
      note={left > 0 ? `${left} without these figures` : undefined}
      table={() => ({
        columns: [
          "dictionary",
          "learner",
          "concepts",
          "active per row",
          "R²",
          "R² pictures",
          "R² captions",
          "dead",
        ],
        rows: dictionaries.map(({ name, learner, concepts, all, image, text }) => [
          name,
          learner,
          concepts,
          all.activePerSample,
          all.r2,
          image?.r2 ?? null,
          text?.r2 ?? null,
          all.deadFraction,
        ]),
      })}
      fileName="pareto"
      height={height}
      interactive
      draw={({ width }) => {
        const xs = measured.map(({ active }) => active);
        const ys = measured.map(({ r2 }) => r2);
        const across = logScale(
          [Math.min(...xs) / 1.25, Math.max(...xs) * 1.25],
          [room.left, width - room.right],
        );
        const [low, high] = [Math.min(...ys), Math.max(...ys)];
        const margin = Math.max(0.01, (high - low) * 0.12);
        const up = linearScale([low - margin, Math.min(1, high + margin)], [height - room.bottom, room.top]);
        return (
          <>
            <AxisBelow scale={across} at={height - room.bottom} label="active concepts per row (log)" />
            <AxisLeft scale={up} at={room.left} label="R²" grid={width - room.left - room.right} />
            <Dots
              tone="accent"
              dots={measured.map(({ dictionary, active, r2 }) => ({
                x: across(active),
                y: up(r2),
                radius: dictionary.name === current ? 7 : 5,
                selected: dictionary.name === current,
                title: `${dictionary.name}: R² ${fixed(r2, 3)} with ${fixed(active, 1)} active concepts per row`,
                href: explorer.href({ dictionary: dictionary.name, view: "concepts", concept: null }),
              }))}
            />
          </>
        );
      }}
    >
      <p class="link-legend">
        Over all rows of the set. A dot opens its dictionary; the large one is {current ?? "none"}.
      </p>
    </ChartFrame>
  );
}
