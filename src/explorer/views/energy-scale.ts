/** Energies on a logarithmic scale: they span several powers of ten. */
import type { ConceptColumns } from "../data/concept-columns.ts";

export interface EnergyScale {
  /** Smallest and greatest energy of a living concept. */
  least: number;
  greatest: number;
  /** Concepts in equal steps of the scale, and the energies between them (one more). */
  counts: number[];
  bounds: number[];
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
  return {
    least,
    greatest,
    counts,
    bounds: Array.from({ length: bins + 1 }, (_, i) => least * Math.exp((i / bins) * span)),
    at: (position) => (position <= 0 ? 0 : Number((least * Math.exp(position * span)).toPrecision(3))),
    positionOf,
  };
}
