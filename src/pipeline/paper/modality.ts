/** E5: how concepts divide over the modalities: histogram of modality scores, plain and weighted by energy. */
import * as Plot from "@observablehq/plot";
import { modalityHistogram } from "../../metrics/modality-score.ts";
import { lacksModality, type Experiment } from "./experiment.ts";
import { panelColumns, panelTitles } from "./figure.ts";
import { counted, figureGroups, groupBySettings } from "./runs.ts";
import { spread, uncertainty, writtenPercent, type Spread } from "./spread.ts";

const bins = 50;
/** Scores beyond these are one modality's (arXiv 2602.06218). */
const low = 0.05;
const high = 0.95;

interface Division {
  readonly label: string;
  readonly runs: number;
  /** Mean over runs of each bin's share of concepts, and of energy. */
  readonly plain: readonly number[];
  readonly weighted: readonly number[];
  readonly single: Spread;
  readonly singleEnergy: Spread;
}

export const modalityExperiment: Experiment = {
  name: "modality",
  title: "Modality of concepts",
  question: "Do concepts fire for one modality or for both?",
  lacks: (_runs, set) => lacksModality(set),
  async measure(study) {
    const { image, text } = study.set.embeddings;
    const divisions: Division[] = [];
    const groups = groupBySettings(study.runs);
    const { shown, note } = figureGroups(groups);
    for (const group of groups) {
      const plain: Float64Array[] = [];
      const weighted: Float64Array[] = [];
      const single: number[] = [];
      const singleEnergy: number[] = [];
      for (const run of group.runs) {
        const { modalityScore, energy } = await study.statistics(run);
        plain.push(normalised(modalityHistogram(modalityScore, undefined, bins)));
        weighted.push(normalised(modalityHistogram(modalityScore, energy, bins)));
        const scored = Array.from(modalityScore.keys()).filter((j) => !Number.isNaN(modalityScore[j]!));
        const outside = scored.filter((j) => modalityScore[j]! < low || modalityScore[j]! > high);
        const sum = (of: readonly number[]): number => of.reduce((total, j) => total + energy[j]!, 0);
        single.push(outside.length / scored.length);
        singleEnergy.push(sum(outside) / sum(scored));
      }
      divisions.push({
        label: group.label,
        runs: group.runs.length,
        plain: meanOf(plain),
        weighted: meanOf(weighted),
        single: spread(single),
        singleEnergy: spread(singleEnergy),
      });
    }
    const drawn = divisions.filter(({ label }) => shown.some((group) => group.label === label));
    const bars = drawn.flatMap(({ label, plain, weighted }) =>
      [plain, weighted].flatMap((shares, weight) =>
        shares.map((share, bin) => ({
          label,
          kind: weight === 0 ? "concepts" : "energy",
          from: bin / bins,
          to: (bin + 1) / bins,
          share,
        })),
      ),
    );
    return {
      rows: divisions.flatMap(({ label, runs, plain, weighted }) =>
        plain.map((share, bin) => ({
          configuration: label,
          runs,
          scoreFrom: bin / bins,
          scoreTo: (bin + 1) / bins,
          share,
          energyShare: weighted[bin]!,
        })),
      ),
      columns: {
        configuration: "learner and what else tells the configurations apart",
        runs: "runs (seeds) averaged",
        scoreFrom: "modality score from",
        scoreTo: "to; 1 = images only, 0 = texts only",
        share: "share of the active concepts",
        energyShare: "share of their energy",
      },
      figure: {
        description:
          "Histograms of modality scores, plain and weighted by energy, a row for each configuration",
        height: 80 + 110 * drawn.length,
        plot: (palette) => ({
          marginTop: 48,
          x: { label: "modality score: 0 = texts only, 1 = images only →", domain: [0, 1], ticks: 5 },
          y: {
            label: null,
            ticks: 3,
            tickFormat: (value: number) => `${Math.round(100 * value)} %`,
            grid: true,
          },
          fx: { axis: null, domain: ["concepts", "energy"] },
          fy: { axis: null, padding: 0.35, domain: drawn.map(({ label }) => label) },
          marks: [
            panelColumns(),
            Plot.rectY(bars, {
              fx: "kind",
              fy: "label",
              x1: "from",
              x2: "to",
              y: "share",
              fill: (bar: (typeof bars)[number]) =>
                bar.kind === "concepts" ? palette.series[0] : palette.series[1],
              insetLeft: 0.5,
            }),
            Plot.ruleY([0], { stroke: palette.faint }),
            panelTitles(
              drawn.map(({ label }) => label),
              "concepts",
            ),
          ],
        }),
      },
      caption: `Share of the active concepts (left) and of their energy (right) by modality score, mean over seeds.${note}`,
      sentences: [
        `In ${counted(divisions.filter(({ single }) => single.mean > 0.5).length, "configuration")} of ${divisions.length} most active concepts fire almost only for one modality (score below ${low} or above ${high}); the score weighs both modalities alike, whatever their numbers of rows (${image.rows} images, ${text.rows} texts).`,
        ...drawn.map(
          ({ label, single, singleEnergy }) =>
            `${label}: ${writtenPercent(single)} of the active concepts fire almost only for one modality; they hold ${writtenPercent(singleEnergy)} of the energy.`,
        ),
        uncertainty(Math.max(...divisions.map(({ runs }) => runs))),
      ],
      runs: study.runs.length,
    };
  },
};

function normalised(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

function meanOf(histograms: readonly Float64Array[]): number[] {
  return Array.from({ length: bins }, (_, bin) => spread(histograms.map((counts) => counts[bin]!)).mean);
}
