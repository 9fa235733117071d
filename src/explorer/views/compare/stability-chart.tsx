/** Cosine with the matched concept against energy, a dot for each concept of the first dictionary. */
import type { JSX, TargetedPointerEvent } from "preact";
import { useState } from "preact/hooks";
import { useExplorer } from "../../explorer-context.ts";
import { valueOf } from "../../stores/loadable.ts";
import { AxisBelow, AxisLeft } from "../../widgets/chart/axis.tsx";
import { ChartFrame } from "../../widgets/chart/chart-frame.tsx";
import { DotCloud, type Point } from "../../widgets/chart/dot-cloud.tsx";
import { Dots } from "../../widgets/chart/marks.tsx";
import { linearScale, logScale } from "../../widgets/chart/scale.ts";
import { count, fixed, significant } from "../../widgets/number-text.ts";
import type { PairOfDictionaries } from "./dictionary-pair.tsx";

const room = { left: 56, right: 20, top: 26, bottom: 40 };
const height = 300;
/** Pixels that a pointer may be from a dot. */
const near = 14;

interface Placed {
  concept: number;
  energy: number;
  cosine: number;
}

export function StabilityChart({ pair }: { pair: PairOfDictionaries }): JSX.Element {
  const explorer = useExplorer();
  const { concept: selected, alikeFrom } = explorer.address.value;
  const [pointed, setPointed] = useState<number | null>(null);
  const { first, second, match } = pair;
  const there = first.tables.hasColumns(["energy"]);
  const { energy } = first.tables.concepts;
  const placed: Placed[] = there
    ? Array.from(match.cosine, (cosine, concept) => ({ concept, cosine, energy: energy[concept]! })).filter(
        (one) => one.energy > 0 && Number.isFinite(one.cosine),
      )
    : [];
  const shown = placed.find(({ concept }) => concept === (pointed ?? selected)) ?? null;
  const names = valueOf(first.words());
  return (
    <ChartFrame
      title="Stability against energy"
      term="stability"
      summary={`${count(placed.length)} concepts of ${first.summary.name}: cosine with the matched concept of ${second.summary.name} over energy. ${count(placed.filter(({ cosine }) => cosine >= alikeFrom).length)} have a cosine of at least ${fixed(alikeFrom, 2)}.`}
      note={
        shown === null
          ? ""
          : `concept ${shown.concept}${names?.[shown.concept] ? ` (${names[shown.concept]})` : ""}: cosine ${fixed(shown.cosine, 2)}, energy ${significant(shown.energy)}`
      }
      table={
        placed.length === 0
          ? null
          : () => ({
              columns: ["concept", "energy", "matched concept", "cosine"],
              rows: placed.map((one) => [one.concept, one.energy, match.match[one.concept]!, one.cosine]),
            })
      }
      fileName={`${first.summary.name}-${second.summary.name}-stability`}
      height={height}
      interactive
      draw={({ width }) => {
        if (placed.length === 0) return null;
        const energies = placed.map((one) => one.energy);
        const across = logScale(
          [least(energies) / 1.25, most(energies) * 1.25],
          [room.left, width - room.right],
        );
        const low = Math.min(0, least(placed.map(({ cosine }) => cosine)));
        const up = linearScale([low, 1], [height - room.bottom, room.top]);
        const points = placed.map((one): Point & Placed => ({
          ...one,
          x: across(one.energy),
          y: up(one.cosine),
        }));
        const nearest = (event: TargetedPointerEvent<SVGRectElement>): number | null => {
          const box = event.currentTarget.ownerSVGElement!.getBoundingClientRect();
          const [x, y] = [event.clientX - box.left, event.clientY - box.top];
          let [found, distance]: [number | null, number] = [null, near];
          for (const point of points) {
            const away = Math.hypot(point.x - x, point.y - y);
            if (away < distance) [found, distance] = [point.concept, away];
          }
          return found;
        };
        const marked = points.find(({ concept }) => concept === shown?.concept);
        return (
          <>
            <AxisBelow scale={across} at={height - room.bottom} label="energy (log)" />
            <AxisLeft
              scale={up}
              at={room.left}
              label="cosine with the matched concept"
              grid={width - room.left - room.right}
            />
            <DotCloud points={points} />
            <line
              class="pair-threshold"
              x1={room.left}
              x2={width - room.right}
              y1={up(alikeFrom)}
              y2={up(alikeFrom)}
            />
            {marked !== undefined && (
              <Dots
                tone="accent"
                dots={[{ x: marked.x, y: marked.y, radius: 6, selected: true, title: "" }]}
              />
            )}
            <rect
              class={pointed === null ? undefined : "pair-pointed"}
              x={room.left}
              y={0}
              width={Math.max(0, width - room.left)}
              height={height - room.bottom}
              fill="transparent"
              onPointerMove={(event) => setPointed(nearest(event))}
              onPointerLeave={() => setPointed(null)}
              onClick={() => pointed !== null && explorer.navigate({ view: "concept", concept: pointed })}
            />
          </>
        );
      }}
    >
      <p class="link-legend">
        A dot is a concept of {first.summary.name} and opens its page; above the line it counts as found in
        both.
      </p>
    </ChartFrame>
  );
}

function least(values: readonly number[]): number {
  return values.reduce((found, value) => Math.min(found, value), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((found, value) => Math.max(found, value), -Infinity);
}
