/**
 * The planes that concepts lie in: the concept map (UMAP), modality by energy, the principal plane.
 * Each gives every concept a place in units of its own, one scale for both axes, y pointing down.
 */
import { withoutZeros } from "../data/column-facts.ts";
import { isDead, type PlacedColumns } from "../data/concept-columns.ts";
import { linearTicks, scaleTicks, valueScale, type ValueScale } from "../data/value-scale.ts";
import { significant } from "../widgets/number-text.ts";

export const planeNames = ["umap", "energy", "pca"] as const;
export type PlaneName = (typeof planeNames)[number];

export interface Plane {
  name: PlaneName;
  /** NaN where a concept has no place. */
  x: Float64Array;
  y: Float64Array;
  /** Where the places mean numbers. */
  axes: { x: Axis; y: Axis } | null;
}

export interface Axis {
  name: string;
  /** About `count` ticks between two places. */
  ticks(from: number, to: number, count: number): Tick[];
}

export interface Tick {
  place: number;
  text: string;
}

/** How much wider than high the plane of modality and energy is. */
const energyAspect = 1.5;

/** Null when the dictionary's tables lack what the plane needs. */
export function planeOf(
  name: PlaneName,
  columns: PlacedColumns,
  principal: PrincipalPlaces | null,
): Plane | null {
  if (name === "umap") return { name, x: columns.x, y: columns.y, axes: null };
  if (name === "energy") return energyPlane(columns);
  return principal === null ? null : principalPlane(principal);
}

/** `pcaX` and `pcaY`, and the shares of variance along the two where they are known. */
export interface PrincipalPlaces {
  x: Float64Array;
  y: Float64Array;
  explained: readonly [number, number] | null;
}

function energyPlane(columns: PlacedColumns): Plane {
  const scale = valueScale(columns.energy, { spread: "log" });
  const { count, modalityScore, energy } = columns;
  const x = new Float64Array(count).fill(NaN);
  const y = new Float64Array(count).fill(NaN);
  for (let j = 0; j < count; j++) {
    if (scale === null || isDead(columns, j)) continue;
    x[j] = modalityScore[j]! * energyAspect;
    y[j] = 1 - scale.positionOf(energy[j]!);
  }
  const axes = {
    x: {
      name: "Modality score: captions left, pictures right",
      ticks: (from: number, to: number, number: number) =>
        linearTicks(Math.max(0, from / energyAspect), Math.min(1, to / energyAspect), number).map(
          (score) => ({
            place: score * energyAspect,
            text: withoutZeros(significant(score, 2)),
          }),
        ),
    },
    y: {
      name: "Energy, logarithmic",
      ticks: (from: number, to: number, number: number) =>
        scale === null ? [] : energyTicks(scale, from, to, number),
    },
  };
  return { name: "energy", x, y, axes };
}

function energyTicks(scale: ValueScale, from: number, to: number, count: number): Tick[] {
  const [greatest, least] = [scale.at(1 - from), scale.at(1 - to)];
  const shown = valueScale([least, greatest], { spread: "log" });
  if (shown === null) return [];
  return scaleTicks(shown, count).map((energy) => ({
    place: 1 - scale.positionOf(energy),
    text: withoutZeros(significant(energy, 2)),
  }));
}

function principalPlane({ x, y, explained }: PrincipalPlaces): Plane {
  const axis = (name: string, direction: 0 | 1, sign: 1 | -1): Axis => ({
    name:
      explained === null ? name : `${name}, ${significant(100 * explained[direction], 2)}% of the variance`,
    ticks: (from, to, count) => {
      const [low, high] = sign > 0 ? [from, to] : [-to, -from];
      return linearTicks(low, high, count).map((value) => ({
        place: sign * value,
        text: withoutZeros(significant(value, 2)),
      }));
    },
  });
  return {
    name: "pca",
    x,
    y: y.map((value) => 0 - value),
    axes: { x: axis("First principal direction", 0, 1), y: axis("Second principal direction", 1, -1) },
  };
}
