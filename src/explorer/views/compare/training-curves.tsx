/** What was logged while each dictionary was trained, over its steps. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { DictionarySummary } from "../../../protocol/study-summary.ts";
import { useExplorer, useServices } from "../../explorer-context.ts";
import type { TrainingHistory } from "../../data/training-history.ts";
import { failed, loading, ready, valueOf, type Loadable } from "../../stores/loadable.ts";
import { AxisBelow, AxisLeft } from "../../widgets/chart/axis.tsx";
import { ChartFrame } from "../../widgets/chart/chart-frame.tsx";
import { Line } from "../../widgets/chart/marks.tsx";
import { linearScale } from "../../widgets/chart/scale.ts";
import { Failure } from "../../widgets/failure.tsx";
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

export function TrainingCurves({
  dictionaries,
}: {
  dictionaries: readonly DictionarySummary[];
}): JSX.Element {
  const explorer = useExplorer();
  const { curve } = explorer.address.value;
  const current = explorer.dictionary.value?.name ?? null;
  const content = useHistories(dictionaries);
  const histories = valueOf(content) ?? [];
  const drawn = histories.flatMap(({ name, columns }) => {
    const step = columns.get("step");
    const values = columns.get(curve);
    if (step === undefined || values === undefined) return [];
    const points = Array.from(step, (x, i) => ({ x, y: values[i]! })).filter(({ y }) => Number.isFinite(y));
    return points.length === 0 ? [] : [{ name, points }];
  });
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
        summary={`${drawn.length} of ${dictionaries.length} dictionaries logged it; a line for each over its steps, the open one in colour.`}
        note={`${drawn.length} of ${dictionaries.length} logged it`}
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
          const across = linearScale(
            [0, Math.max(...every.map(({ x }) => x))],
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
                .toSorted((a, b) => Number(a.name === current) - Number(b.name === current))
                .map(({ name, points }) => (
                  <g key={name}>
                    <title>{name}</title>
                    <Line
                      tone={name === current ? "accent" : "plain"}
                      points={points.map(({ x, y }) => ({ x: across(x), y: up(y) }))}
                    />
                  </g>
                ))}
            </>
          );
        }}
      />
    </>
  );
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
