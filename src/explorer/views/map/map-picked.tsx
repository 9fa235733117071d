/** What the picked concepts are like, and the way to their list. */
import "./map-picked.css";
import type { JSX } from "preact";
import { useServices } from "../../explorer-context.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { counted, percent, significant } from "../../widgets/number-text.ts";

export function MapPicked({ opened }: { opened: OpenDictionary }): JSX.Element | null {
  const { explorer } = useServices();
  const picked = explorer.picked.concepts.value;
  if (picked.length === 0) return null;
  const { sides, energyShare, medianEnergy, bridging } = summarize(opened, picked);
  return (
    <section class="map-picked" aria-label="Picked concepts in short">
      <h2>{counted(picked.length, "picked concept")}</h2>
      <p>
        {sides[0]} of pictures, {sides[1]} of both, {sides[2]} of captions
      </p>
      <dl>
        <Fact name="share of all energy" value={percent(energyShare)} />
        <Fact name="median energy" value={significant(medianEnergy)} />
        <Fact name="with a significant bridge" value={bridging} />
      </dl>
      <a class="button" href={explorer.href({ view: "concepts", onlyPicked: true })}>
        Open as list
      </a>
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string | number }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

interface Summary {
  /** Concepts of pictures, of both, of captions. */
  sides: [number, number, number];
  /** Of the dictionary's energy. */
  energyShare: number;
  medianEnergy: number;
  bridging: number;
}

/** Modality scores between these are of both sides, as metrics.json counts bimodal concepts. */
const bimodal = [0.05, 0.95] as const;

function summarize({ tables: { concepts } }: OpenDictionary, picked: readonly number[]): Summary {
  const sides: Summary["sides"] = [0, 0, 0];
  const known = picked.filter((j) => j < concepts.count);
  for (const j of known) {
    const score = concepts.modalityScore[j]!;
    if (!Number.isNaN(score)) sides[score > bimodal[1] ? 0 : score < bimodal[0] ? 2 : 1]++;
  }
  const energies = Float64Array.from(known, (j) => concepts.energy[j]!).sort();
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const all = sum(concepts.energy);
  return {
    sides,
    energyShare: all > 0 ? sum(energies) / all : 0,
    medianEnergy: energies[Math.floor(energies.length / 2)] ?? NaN,
    bridging: known.filter((j) => concepts.significantBridges[j]! > 0).length,
  };
}
