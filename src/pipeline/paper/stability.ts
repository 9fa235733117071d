/**
 * E3 and E4: how much of a dictionary comes back when training is repeated with another seed, or on
 * another mixture of images and texts, against how energetic its concepts are. Concepts are matched
 * one to one by cosine (metrics/stability.ts); beside them the same match of the two dictionaries
 * before training, since a shared start fakes stability (arXiv 2606.02061), and of random directions.
 */
import * as Plot from "@observablehq/plot";
import { energyWeightedStability, matchAtoms, randomAtoms, type Atoms } from "../../metrics/stability.ts";
import type { StoredDictionary } from "../dictionary-folder.ts";
import type { Experiment, Finding, PaperStudy } from "./experiment.ts";
import { seriesStyle } from "./figure.ts";
import {
  counted,
  figureGroups,
  groupByMixture,
  groupBySettings,
  type RunGroup,
  type StudyRun,
} from "./runs.ts";
import { spread, written, writtenPercent, type Spread } from "./spread.ts";

/** Concepts by rank of energy: the most energetic 1 %, then up to 3 %, 10 %, 30 %, 100 %. */
const bandEnds = [0.01, 0.03, 0.1, 0.3, 1] as const;
const bandWords = ["top 1 %", "1–3 %", "3–10 %", "10–30 %", "30–100 %"];

interface PairOfRuns {
  readonly a: StudyRun;
  readonly b: StudyRun;
  readonly stability: number;
  readonly energyWeighted: number;
  readonly atInit: number | null;
  readonly random: number;
  /** Mean matched cosine in each band of a's energy. */
  readonly bands: readonly number[];
}

interface Group {
  readonly label: string;
  readonly floor: boolean;
  readonly pairs: readonly PairOfRuns[];
}

export const stabilitySeeds: Experiment = {
  name: "stability-seeds",
  title: "Stability over seeds",
  question: "Which concepts come back when only the seed of training changes?",
  lacks: (runs) =>
    pairsOf(runs, "seed").length > 0
      ? null
      : "no two runs differ in their seed alone; train with another --seed, or sweep --seeds 0,1,2",
  measure: (study) => measureStability(study, "seed"),
};

export const stabilityMixtures: Experiment = {
  name: "stability-mixtures",
  title: "Stability over mixtures of images and texts",
  question: "Which concepts come back when the share of images and texts in training changes?",
  lacks: (runs) =>
    pairsOf(runs, "mixture").length > 0
      ? null
      : "no two runs differ in their mixture alone; sweep --mixtures 100:0,75:25,50:50,25:75,0:100",
  measure: (study) => measureStability(study, "mixture"),
};

interface GroupOfPairs extends RunGroup {
  readonly pairs: readonly (readonly [StudyRun, StudyRun])[];
}

/** Pairs of runs that differ in their seed alone, or in their mixture alone. */
function pairsOf(runs: readonly StudyRun[], axis: "seed" | "mixture"): GroupOfPairs[] {
  const groups = axis === "seed" ? groupBySettings(runs) : groupByMixture(runs);
  return groups
    .map((group) => ({
      ...group,
      pairs: group.runs.flatMap((a, i) =>
        group.runs
          .slice(i + 1)
          .filter((b) => (axis === "seed" ? a.seed !== b.seed : a.seed === b.seed && a.mixture !== b.mixture))
          .map((b) => [a, b] as const),
      ),
    }))
    .filter(({ pairs }) => pairs.length > 0);
}

const axisWords = { seed: "seeds", mixture: "mixtures" } as const;

async function measureStability(study: PaperStudy, axis: "seed" | "mixture"): Promise<Finding> {
  const groups: Group[] = [];
  const found = pairsOf(study.runs, axis);
  const total = found.reduce((sum, { pairs }) => sum + pairs.length, 0);
  let done = 0;
  for (const { label, pairs, runs } of found) {
    const compared: PairOfRuns[] = [];
    for (const [a, b] of pairs) {
      study.signal?.throwIfAborted();
      study.progress({ stage: "compare", done: done++, total, unit: "pairs" });
      compared.push(await compare(study, a, b));
    }
    groups.push({ label, floor: runs[0]!.family === "floor", pairs: compared });
  }
  const { shown, note } = figureGroups(found);
  const drawn = groups.filter(({ label }) => shown.some((group) => group.label === label));
  const of = (group: Group, pick: (pair: PairOfRuns) => number | null): Spread =>
    spread(group.pairs.map((pair) => pick(pair) ?? NaN));
  const bars = groups.flatMap((group) =>
    bandEnds.map((_, band) => ({ group: group.label, band, value: of(group, (pair) => pair.bands[band]!) })),
  );
  const counts = axis === "mixture" ? await conceptCounts(study) : [];
  return {
    rows: groups.flatMap(({ label, pairs }) =>
      pairs.map((pair) => ({
        configuration: label,
        a: pair.a.name,
        b: pair.b.name,
        stability: pair.stability,
        energyWeighted: pair.energyWeighted,
        atInit: pair.atInit,
        random: pair.random,
        ...Object.fromEntries(bandWords.map((words, band) => [words, pair.bands[band] ?? null])),
      })),
    ),
    columns: {
      configuration: "what both runs share, where it varies in the study",
      a: "dictionary whose concepts are ranked by energy",
      b: "dictionary that it is matched with",
      stability: "mean cosine of concepts matched one to one",
      energyWeighted: "the same weighted by a's energy",
      atInit: "the same of both before their first step; empty for methods without a start",
      random: "the same of a and random directions",
      ...Object.fromEntries(
        bandWords.map((words) => [words, `mean matched cosine of the ${words} most energetic concepts of a`]),
      ),
    },
    figure: {
      description: `Mean matched cosine over ${axisWords[axis]} by rank of energy, a line for each configuration`,
      legend: drawn.map(({ label }) => label),
      plot: (palette) => ({
        x: { type: "point", domain: bandWords, label: "concepts by rank of energy →" },
        y: { label: "↑ matched cosine", grid: true, domain: [0, 1] },
        marks: drawn.flatMap((group, i) => {
          const { colour, line, dot } = seriesStyle(palette, i);
          const own = bars.filter((bar) => bar.group === group.label);
          const x = ({ band }: (typeof own)[number]): string => bandWords[band]!;
          return [
            Plot.line(own, {
              x,
              y: ({ value }: (typeof own)[number]) => value.mean,
              ...line,
            }),
            Plot.dot(own, { x, y: ({ value }: (typeof own)[number]) => value.mean, ...dot, r: 3 }),
            Plot.ruleX(
              own.filter(({ value }) => value.deviation > 0),
              {
                x,
                y1: ({ value }: (typeof own)[number]) => value.mean - value.deviation,
                y2: ({ value }: (typeof own)[number]) => value.mean + value.deviation,
                stroke: colour,
              },
            ),
            Plot.ruleY([of(group, (pair) => pair.random).mean], {
              stroke: colour,
              strokeDasharray: "1,4",
              strokeOpacity: 0.8,
            }),
          ];
        }),
      }),
    },
    caption: `Mean cosine of concepts matched one to one across ${axisWords[axis]}, by the rank of their energy; dotted: the same against random directions.${note}`,
    sentences: [
      answer(groups),
      ...drawn.map((group) => {
        const initial = of(group, (pair) => pair.atInit);
        return `${group.label}: the most energetic hundredth of the concepts comes back with cosine ${written(of(group, (p) => p.bands[0]!))}, the least energetic seven tenths with ${written(of(group, (p) => p.bands[bandEnds.length - 1]!))}; all together ${written(of(group, (p) => p.stability))}, weighted by energy ${written(of(group, (p) => p.energyWeighted))}, against ${written(of(group, (p) => p.random))} for random directions${Number.isNaN(initial.mean) ? "" : ` and ${written(initial)} for the same two before training`}.`;
      }),
      ...counts,
      uncertaintyOfPairs(Math.max(...groups.map(({ pairs }) => pairs.length))),
    ],
    runs: new Set(found.flatMap(({ pairs }) => pairs.flat())).size,
  };
}

/** In how many configurations energetic concepts come back better than rare ones, by more than the spread. */
function answer(groups: readonly Group[]): string {
  const learned = groups.filter(({ floor }) => !floor);
  const better = learned.filter(({ pairs }) => {
    const band = (index: number): Spread => spread(pairs.map((pair) => pair.bands[index]!));
    const [common, rare] = [band(0), band(bandEnds.length - 1)];
    return common.mean - rare.mean > Math.max(common.deviation || 0, rare.deviation || 0);
  });
  return `In ${better.length} of ${counted(learned.length, "configuration")} the most energetic hundredth of the concepts comes back better than the least energetic seven tenths, by more than the standard deviation over pairs of runs.`;
}

function uncertaintyOfPairs(most: number): string {
  return most < 2
    ? "Every figure is of one pair of runs; how much another pair would differ is not known."
    : "Figures are means ± one standard deviation over pairs of runs; pairs that share a run are not independent.";
}

async function compare(study: PaperStudy, a: StudyRun, b: StudyRun): Promise<PairOfRuns> {
  const first = await study.dictionary(a);
  const second = await study.dictionary(b);
  const { energy } = await study.statistics(a);
  const { backend } = study;
  const { cosine, stability } = await matchAtoms(backend, first.dictionary, second.dictionary);
  const start = ({ dictionary, initialAtoms }: StoredDictionary): Atoms | null =>
    initialAtoms && { ...dictionary, atoms: initialAtoms };
  const [startA, startB] = [start(first), start(second)];
  const { concepts, dimension } = second.dictionary;
  const random = await matchAtoms(backend, first.dictionary, randomAtoms(concepts, dimension, study.seed));
  return {
    a,
    b,
    stability,
    energyWeighted: energyWeightedStability(cosine, energy),
    atInit: startA && startB && (await matchAtoms(backend, startA, startB)).stability,
    random: random.stability,
    bands: bandMeans(cosine, energy),
  };
}

/** Mean cosine of matched concepts in each band of rank by energy; NaN for an empty band. */
export function bandMeans(cosine: Float64Array, energy: Float64Array): number[] {
  const order = Array.from(cosine.keys())
    .filter((j) => !Number.isNaN(cosine[j]!))
    .sort((i, j) => energy[j]! - energy[i]! || i - j);
  let from = 0;
  return bandEnds.map((end) => {
    const to = Math.max(from, Math.ceil(end * order.length));
    const members = order.slice(from, to);
    from = to;
    return members.reduce((sum, j) => sum + cosine[j]!, 0) / members.length;
  });
}

/** How many concepts of each kind every mixture gave. */
async function conceptCounts(study: PaperStudy): Promise<string[]> {
  const sentences: string[] = [];
  for (const group of groupBySettings(study.runs.filter(({ mixture }) => mixture !== null))) {
    const shares: { image: number; text: number; both: number }[] = [];
    for (const run of group.runs) {
      const { modalityScore } = await study.statistics(run);
      const scored = modalityScore.filter((score) => !Number.isNaN(score));
      const share = (test: (score: number) => boolean): number => scored.filter(test).length / scored.length;
      shares.push({
        image: share((score) => score > 0.95),
        text: share((score) => score < 0.05),
        both: share((score) => score >= 0.05 && score <= 0.95),
      });
    }
    const of = (kind: "image" | "text" | "both"): string =>
      writtenPercent(spread(shares.map((share) => share[kind])));
    sentences.push(
      `Images to texts ${group.runs[0]!.mixture} (${group.label}): ${of("image")} of the active concepts are almost only images', ${of("text")} almost only texts', ${of("both")} both.`,
    );
  }
  return sentences;
}
