/** E2: how much of the total energy the most energetic concepts hold: Σ of the first m over Σ of all. */
import * as Plot from "@observablehq/plot";
import type { Experiment } from "./experiment.ts";
import { seriesStyle } from "./figure.ts";
import { figureGroups, groupBySettings } from "./runs.ts";
import { spread, uncertainty, written, writtenPercent, type Spread } from "./spread.ts";

interface Curve {
  readonly label: string;
  readonly points: readonly { readonly rank: number; readonly share: Spread }[];
  /** Concepts that together hold half, and nine tenths, of the energy. */
  readonly half: Spread;
  readonly most: Spread;
  readonly concepts: number;
  readonly runs: number;
}

export const energyExperiment: Experiment = {
  name: "energy",
  title: "Cumulative energy over concepts",
  question: "How few concepts hold most of the energy?",
  lacks: () => null,
  async measure(study) {
    const curves: Curve[] = [];
    let done = 0;
    const groups = groupBySettings(study.runs);
    const { shown, note } = figureGroups(groups);
    for (const group of groups) {
      const shares: Float64Array[] = [];
      for (const run of group.runs) {
        study.signal?.throwIfAborted();
        study.progress({
          stage: `energy: ${run.name}`,
          done: done++,
          total: study.runs.length,
          unit: "runs",
        });
        shares.push(cumulativeShare((await study.statistics(run)).energy));
      }
      const ranks = logSpaced(Math.max(...shares.map(({ length }) => length)));
      const reaching = (level: number): Spread =>
        spread(shares.map((share) => 1 + share.findIndex((value) => value >= level)));
      curves.push({
        label: group.label,
        points: ranks.map((rank) => ({
          rank,
          share: spread(shares.map((share) => share[Math.min(rank, share.length) - 1]!)),
        })),
        half: reaching(0.5),
        most: reaching(0.9),
        concepts: group.runs[0]!.concepts,
        runs: group.runs.length,
      });
    }
    const drawn = curves.filter(({ label }) => shown.some((group) => group.label === label));
    return {
      rows: curves.flatMap(({ label, points, runs }) =>
        points.map(({ rank, share }) => ({
          configuration: label,
          runs,
          rank,
          share: share.mean,
          deviation: Number.isNaN(share.deviation) ? null : share.deviation,
        })),
      ),
      columns: {
        configuration: "learner and what else tells the configurations apart",
        runs: "runs (seeds) averaged",
        rank: "number of most energetic concepts",
        share: "their share of the total energy E[z], mean over runs",
        deviation: "standard deviation over runs",
      },
      figure: {
        description: "Cumulative share of energy over concepts ranked by energy",
        legend: drawn.map(({ label }) => label),
        plot: (palette) => ({
          x: {
            type: "log",
            label: "concepts, most energetic first →",
            grid: true,
            ticks: 6,
            tickFormat: "~s",
          },
          y: { label: "↑ share of energy", grid: true, domain: [0, 1], percent: false },
          marks: drawn.map(({ points }, i) => {
            const { line } = seriesStyle(palette, i);
            return Plot.line(points, {
              x: "rank",
              y: ({ share }: { share: Spread }) => share.mean,
              ...line,
            });
          }),
        }),
      },
      caption: `Share of the total energy E[z] held by the most energetic concepts (logarithmic rank).${note}`,
      sentences: [
        ...drawn.map(
          ({ label, half, most, concepts }) =>
            `${label}: half of the energy lies in ${written(half, 0)} concepts (${writtenPercent(scaled(half, concepts))} of ${concepts}), nine tenths in ${written(most, 0)} (${writtenPercent(scaled(most, concepts))}).`,
        ),
        uncertainty(Math.max(...curves.map(({ runs }) => runs))),
      ],
      runs: study.runs.length,
    };
  },
};

function scaled({ mean, deviation, count }: Spread, whole: number): Spread {
  return { mean: mean / whole, deviation: deviation / whole, count };
}

/** c: the share of Σ energy in the i + 1 most energetic concepts. */
export function cumulativeShare(energies: Float64Array): Float64Array {
  const sorted = energies.slice().sort().reverse();
  let total = 0;
  for (const energy of sorted) total += energy;
  let sum = 0;
  return sorted.map((energy) => (sum += energy) / total);
}

/** 1, 2, 3 … about ten per doubling, up to `last`. */
export function logSpaced(last: number): number[] {
  const out: number[] = [];
  for (let rank = 1; rank < last; rank = Math.max(rank + 1, Math.round(rank * 1.07))) out.push(rank);
  out.push(last);
  return out;
}
