/** What was logged while each dictionary was trained, over its steps. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { DictionarySummary } from "../../../protocol/study-summary.ts";
import { useExplorer, useServices } from "../../explorer-context.ts";
import type { TrainingHistory } from "../../data/training-history.ts";
import { failed, loading, ready, valueOf, type Loadable } from "../../stores/loadable.ts";
import { AxisBelow, AxisLeft } from "../../widgets/chart/axis.tsx";
import { ChartFrame } from "../../widgets/chart/chart-frame.tsx";
import { Dots, Line } from "../../widgets/chart/marks.tsx";
import { linearScale } from "../../widgets/chart/scale.ts";
import { Failure } from "../../widgets/failure.tsx";
import { count } from "../../widgets/number-text.ts";
import { curves, type Curve } from "./compare.ts";

const room = { left: 64, right: 20, top: 26, bottom: 40 };
const height = 340;

const names: Readonly<Record<Curve, string>> = {
  heldOutR2: "R² on held-out rows",
  r2: "R² on evaluated rows",
  loss: "loss",
  deadFraction: "share of dead concepts",
  activePerSample: "active concepts per row",
  threshold: "threshold of activation",
  lr: "learning rate",
};

interface TrainingCurvesProps {
  dictionaries: readonly DictionarySummary[];
  /** Runs that have not ended, as far as they have come. */
  training: readonly TrainingHistory[];
}

export function TrainingCurves({ dictionaries, training }: TrainingCurvesProps): JSX.Element {
  const explorer = useExplorer();
  const { curve } = explorer.address.value;
  const current = explorer.dictionary.value?.name ?? null;
  const content = useHistories(dictionaries);
  const histories = [...(valueOf(content) ?? []), ...training];
  const live = new Set(training.map(({ name }) => name));
  const drawn = histories.flatMap(({ name, columns }) => {
    const step = columns.get("step");
    const values = columns.get(curve);
    if (step === undefined || values === undefined) return [];
    const points = Array.from(step, (x, i) => ({ x, y: values[i]! })).filter(({ y }) => Number.isFinite(y));
    return points.length === 0 ? [] : [{ name, points }];
  });
  const rank = (name: string): number => (live.has(name) ? 2 : name === current ? 1 : 0);
  const every = drawn.flatMap(({ points }) => points);
  return (
    <>
      <div class="compare-choice">
        <label>
          Over the steps of training{" "}
          <select
            value={curve}
            onChange={(event) => explorer.navigate({ curve: event.currentTarget.value as Curve }, "replace")}
          >
            {curves.map((one) => (
              <option key={one} value={one}>
                {names[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Failure content={content} />
      <ChartFrame
        title={`Training: ${names[curve]}`}
        summary={`${drawn.length} of ${dictionaries.length + live.size} dictionaries logged it; a line for each over its steps, the open one in colour${live.size === 0 ? "" : `, ${live.size} of them still training`}.`}
        note={`${drawn.length} of ${dictionaries.length + live.size} logged it`}
        table={
          content.state === "loading"
            ? null
            : () => ({
                columns: ["dictionary", "step", names[curve]],
                rows: drawn.flatMap(({ name, points }) => points.map(({ x, y }) => [name, x, y])),
              })
        }
        fileName={`training-${curve}`}
        height={height}
        draw={({ width }) => {
          if (every.length === 0) return null;
          const ys = every.map(({ y }) => y);
          const last = every.reduce((most, { x }) => Math.max(most, x), 1);
          const across = linearScale(
            [0, live.size === 0 ? last : roundUp(last)],
            [room.left, width - room.right],
          );
          const up = linearScale([Math.min(0, ...ys), Math.max(...ys)], [height - room.bottom, room.top]);
          return (
            <>
              <AxisBelow scale={across} at={height - room.bottom} label="steps" />
              <AxisLeft
                scale={up}
                at={room.left}
                label={names[curve]}
                grid={width - room.left - room.right}
              />
              {drawn
                .toSorted((a, b) => rank(a.name) - rank(b.name))
                .map(({ name, points }) => (
                  <g key={name}>
                    <title>{name}</title>
                    <Line
                      tone={live.has(name) ? "image" : name === current ? "accent" : "plain"}
                      points={points.map(({ x, y }) => ({ x: across(x), y: up(y) }))}
                    />
                    {live.has(name) && (
                      <Dots
                        tone="image"
                        dots={[{ x: across(points.at(-1)!.x), y: up(points.at(-1)!.y), title: name }]}
                      />
                    )}
                  </g>
                ))}
            </>
          );
        }}
      >
        {training.length > 0 && (
          <ul class="live-runs" aria-label="Runs in training">
            {training.map(({ name, columns }) => (
              <li key={name}>
                <span class="live-key" aria-hidden="true" /> {name}: training, step{" "}
                {count(columns.get("step")?.at(-1) ?? 0)}
              </li>
            ))}
          </ul>
        )}
      </ChartFrame>
    </>
  );
}

/** 1, 2 or 5 times a power of ten: an axis that grows seldom while lines do. */
function roundUp(steps: number): number {
  const power = 10 ** Math.floor(Math.log10(steps));
  return [1, 2, 5, 10].find((factor) => factor * power >= steps)! * power;
}

function useHistories(dictionaries: readonly DictionarySummary[]): Loadable<readonly TrainingHistory[]> {
  const { histories } = useServices();
  const [content, setContent] = useState<Loadable<readonly TrainingHistory[]>>(loading);
  useEffect(() => {
    let current = true;
    Promise.all(dictionaries.map(({ name }) => histories(name))).then(
      (read) => current && setContent(ready(read)),
      (error: unknown) => current && setContent(failed(error)),
    );
    return () => {
      current = false;
    };
  }, [dictionaries]);
  return content;
}
