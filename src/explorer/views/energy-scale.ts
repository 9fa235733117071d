/** Energies on a logarithmic scale: they span several powers of ten. */
import type { ConceptColumns } from "../data/concept-columns.ts";

export interface EnergyScale {
  /** Smallest and greatest energy of a living concept. */
  least: number;
  greatest: number;
  /** Heights of the histogram's bars, the tallest 1. */
  bars: number[];
  /** The energy at a position between 0 and 1; 0 at 0, so that the lower end filters nothing. */
  at(position: number): number;
  positionOf(energy: number): number;
}

const bins = 40;

/** Null when no concept is ever active. */
export function energyScale({ energy }: Pick<ConceptColumns, "energy">): EnergyScale | null {
  const living = energy.filter((value) => value > 0);
  if (living.length === 0) return null;
  const least = living.reduce((a, b) => Math.min(a, b));
  const greatest = living.reduce((a, b) => Math.max(a, b));
  const span = Math.log(greatest / least) || 1;
  const positionOf = (value: number): number =>
    value <= least ? 0 : Math.min(1, Math.log(value / least) / span);
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of living) counts[Math.min(bins - 1, Math.floor(positionOf(value) * bins))]!++;
  const tallest = Math.max(...counts);
  return {
    least,
    greatest,
    bars: counts.map((value) => value / tallest),
    at: (position) => (position <= 0 ? 0 : Number((least * Math.exp(position * span)).toPrecision(3))),
    positionOf,
  };
}
