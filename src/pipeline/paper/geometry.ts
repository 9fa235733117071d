/**
 * E6: how concepts lie to modality. For every active concept: |cos| of its direction with the
 * modality direction (difference of the mean embeddings), and how well modality can be told from the
 * position along the direction ⟨x, D_j⟩ and from the activation z_j (held-out accuracy, classes balanced,
 * chance 0.5); |cos| with the probe's normal, and the part ‖P·D_j‖ that lies in the modality subspace of
 * rank r. A random direction has E|cos| ≈ √(2/(π·d)) and a part of about √(r/d).
 */
import * as Plot from "@observablehq/plot";
import { modalityGeometry, setModality } from "../analysis/geometry.ts";
import { lacksModality, type Experiment } from "./experiment.ts";
import { panelColumns, panelTitles } from "./figure.ts";
import { figureGroups, groupBySettings } from "./runs.ts";
import { spread, uncertainty, written, writtenPercent, type Spread } from "./spread.ts";

const measures = {
  modalityDirectionCosine: "|cos| with direction",
  modalityProbeCosine: "|cos| with probe",
  modalitySubspaceNorm: "part in subspace",
  directionAccuracy: "accuracy, direction",
  activationAccuracy: "accuracy, activation",
} as const;
type Measure = keyof typeof measures;
const names = Object.keys(measures) as Measure[];

interface Described {
  readonly label: string;
  readonly runs: number;
  readonly dimension: number;
  /** Of each measure over active concepts: median, and share of concepts by bins of 0.025. */
  readonly median: Readonly<Record<Measure, Spread>>;
  readonly bins: Readonly<Record<Measure, readonly number[]>>;
  /** Share of single-modality concepts whose |cos| is below 0.1. */
  readonly nearlyOrthogonal: Spread;
  /** Share of concepts of which the direction tells modality with at least 90 %. */
  readonly goodDirection: Spread;
  readonly goodActivation: Spread;
}

const binWidth = 0.025;
const binCount = Math.round(1 / binWidth);

export const geometryExperiment: Experiment = {
  name: "geometry",
  title: "Directions of concepts and modality",
  question: "Do concepts that fire for one modality also point along the modality direction?",
  lacks: (_runs, set) => lacksModality(set),
  async measure(study) {
    const groups: Described[] = [];
    const ofSet = await setModality(study.set.embeddings, await study.means(), study.seed);
    let done = 0;
    const all = groupBySettings(study.runs);
    const { shown, note } = figureGroups(all);
    for (const group of all) {
      const tables: Readonly<Record<Measure | "modalityScore", Float64Array>>[] = [];
      for (const run of group.runs) {
        study.signal?.throwIfAborted();
        study.progress({
          stage: `geometry: ${run.name}`,
          done: done++,
          total: study.runs.length,
          unit: "runs",
        });
        const { dictionary } = await study.dictionary(run);
        const found = await modalityGeometry(study.backend, dictionary, await study.codes(run), ofSet);
        tables.push({
          modalityDirectionCosine: found.directionCosine,
          modalityProbeCosine: found.probeCosine,
          modalitySubspaceNorm: found.subspaceNorm,
          directionAccuracy: found.directionAccuracy,
          activationAccuracy: found.activationAccuracy,
          modalityScore: (await study.statistics(run)).modalityScore,
        });
      }
      const active = tables.map((table) =>
        Array.from(table.modalityScore.keys()).filter((j) => !Number.isNaN(table.modalityScore[j]!)),
      );
      const perRun = (of: (table: (typeof tables)[number], concepts: readonly number[]) => number): Spread =>
        spread(tables.map((table, i) => of(table, active[i]!)));
      const record = <T>(of: (name: Measure) => T): Record<Measure, T> => ({
        modalityDirectionCosine: of("modalityDirectionCosine"),
        modalityProbeCosine: of("modalityProbeCosine"),
        modalitySubspaceNorm: of("modalitySubspaceNorm"),
        directionAccuracy: of("directionAccuracy"),
        activationAccuracy: of("activationAccuracy"),
      });
      groups.push({
        label: group.label,
        runs: group.runs.length,
        dimension: study.set.embeddings.dimension,
        median: record((name) => perRun((table, concepts) => median(concepts.map((j) => table[name][j]!)))),
        bins: record((name) =>
          Array.from(
            { length: binCount },
            (_, bin) =>
              perRun((table, concepts) => shareOf(concepts, (j) => binOf(table[name][j]!) === bin)).mean,
          ),
        ),
        nearlyOrthogonal: perRun((table, concepts) => {
          const single = concepts.filter(
            (j) => table.modalityScore[j]! < 0.05 || table.modalityScore[j]! > 0.95,
          );
          return shareOf(single, (j) => table.modalityDirectionCosine[j]! < 0.1);
        }),
        goodDirection: perRun((table, concepts) =>
          shareOf(concepts, (j) => table.directionAccuracy[j]! >= 0.9),
        ),
        goodActivation: perRun((table, concepts) =>
          shareOf(concepts, (j) => table.activationAccuracy[j]! >= 0.9),
        ),
      });
    }
    const drawn = groups.filter(({ label }) => shown.some((group) => group.label === label));
    const bars = drawn.flatMap(({ label, bins }) =>
      names.flatMap((name) =>
        bins[name].map((share, bin) => ({
          label,
          name: measures[name],
          from: bin * binWidth,
          to: (bin + 1) * binWidth,
          share,
        })),
      ),
    );
    const { rank } = ofSet.subspace;
    const partByChance = Math.sqrt(rank / (groups[0]?.dimension ?? 1));
    const byChance = Math.sqrt(2 / (Math.PI * (groups[0]?.dimension ?? 1)));
    return {
      rows: groups.flatMap(({ label, runs, bins }) =>
        Array.from({ length: binCount }, (_, bin) => ({
          configuration: label,
          runs,
          from: bin * binWidth,
          to: (bin + 1) * binWidth,
          ...Object.fromEntries(names.map((name) => [name, bins[name][bin]!])),
        })),
      ),
      columns: {
        configuration: "learner and what else tells the configurations apart",
        runs: "runs (seeds) averaged",
        from: "value from",
        to: "value to",
        modalityDirectionCosine: "share of active concepts with this |cos| with the modality direction",
        modalityProbeCosine: "share with this |cos| with the normal of the probe (logistic regression)",
        modalitySubspaceNorm: "share with this norm of the projection on the modality subspace",
        directionAccuracy: "share with this held-out accuracy of telling modality from ⟨x, D⟩",
        activationAccuracy: "share with this held-out accuracy of telling modality from z",
      },
      figure: {
        description:
          "Histograms of the cosine with the modality direction and of two accuracies of telling modality",
        height: 80 + 110 * drawn.length,
        width: 1000,
        plot: (palette) => ({
          marginTop: 48,
          x: { label: "value →", domain: [0, 1], ticks: 4 },
          y: {
            label: null,
            ticks: 3,
            tickFormat: (value: number) => `${Math.round(100 * value)} %`,
            grid: true,
          },
          fx: { axis: null, domain: names.map((name) => measures[name]) },
          fy: { axis: null, padding: 0.35, domain: drawn.map(({ label }) => label) },
          marks: [
            panelColumns(),
            Plot.rectY(bars, {
              fx: "name",
              fy: "label",
              x1: "from",
              x2: "to",
              y: "share",
              fill: (bar: (typeof bars)[number]) =>
                palette.series[names.findIndex((name) => measures[name] === bar.name)],
              insetLeft: 0.5,
            }),
            Plot.ruleY([0], { stroke: palette.faint }),
            panelTitles(
              drawn.map(({ label }) => label),
              measures.modalityDirectionCosine,
            ),
          ],
        }),
      },
      caption: `Share of the active concepts by |cos| with the modality direction and with the probe's normal, by the norm of their part in the modality subspace, and by the held-out accuracy of telling image from text by the position along the concept's direction and by its activation (chance: 0.5).${note}`,
      sentences: [
        `A probe tells image from text embeddings with a held-out accuracy of ${ofSet.probe.heldOutAccuracy.toFixed(3)}; the modality subspace has rank ${rank} of ${groups[0]?.dimension ?? 0}.`,
        ...drawn.map(
          ({ label, median: middle, nearlyOrthogonal, goodDirection, goodActivation }) =>
            `${label}: the median |cos| with the modality direction is ${written(middle.modalityDirectionCosine)} (random directions: about ${byChance.toFixed(3)})${Number.isNaN(nearlyOrthogonal.mean) ? "" : `, and ${writtenPercent(nearlyOrthogonal)} of the single-modality concepts stay below 0.1`}; with the probe's normal ${written(middle.modalityProbeCosine)}; the part in the modality subspace is ${written(middle.modalitySubspaceNorm)} (random: about ${partByChance.toFixed(3)}). The direction tells modality with a median accuracy of ${written(middle.directionAccuracy)} (at least 0.9 for ${writtenPercent(goodDirection)} of the concepts), the activation with ${written(middle.activationAccuracy)} (${writtenPercent(goodActivation)}).`,
        ),
        "A concept that is seldom active cannot tell the modality of the many rows on which it is silent, so the accuracy from activations is near chance for rare concepts whatever they stand for.",
        uncertainty(Math.max(...groups.map(({ runs }) => runs))),
      ],
      runs: study.runs.length,
    };
  },
};

function binOf(value: number): number {
  return Math.min(binCount - 1, Math.floor(value / binWidth));
}

function shareOf(concepts: readonly number[], test: (concept: number) => boolean): number {
  return concepts.filter(test).length / concepts.length;
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
