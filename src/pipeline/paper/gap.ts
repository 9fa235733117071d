/**
 * What carries the modality gap and what carries retrieval: both after keeping only the bimodal
 * concepts (modality score in [0.05, 0.95]), only the single-modality ones, only those that come back
 * with another seed (matched cosine of at least 0.7 with every other run), and, for comparison, as
 * many concepts drawn at random as there are bimodal ones (arXiv 2602.06218).
 */
import * as Plot from "@observablehq/plot";
import { Random } from "../../base/random.ts";
import { conceptActivity } from "../../metrics/concept-activity.ts";
import { meanCode } from "../../metrics/energy.ts";
import { bimodalConcepts } from "../../metrics/modality-gap.ts";
import type { PairSample } from "../../metrics/pair-sample.ts";
import { matchAtoms } from "../../metrics/stability.ts";
import { ofConcepts, ofEmbeddings, searchedPairs, type ConceptsGap } from "../analysis/gap-and-retrieval.ts";
import { lacksModality, type Experiment, type PaperStudy } from "./experiment.ts";
import { panelColumns, panelTitles } from "./figure.ts";
import { figureGroups, groupBySettings, type RunGroup, type StudyRun } from "./runs.ts";
import { spread, uncertainty, written } from "./spread.ts";

const kinds = ["all concepts", "bimodal", "single-modality", "random", "stable", "unstable"] as const;
type Kind = (typeof kinds)[number];

const words: Readonly<Record<Kind, string>> = {
  "all concepts": "all concepts",
  bimodal: "bimodal only",
  "single-modality": "single-modality only",
  random: "as many random ones as bimodal",
  stable: "stable only",
  unstable: "all but the stable",
};

const stableFrom = 0.7;

interface Measured extends ConceptsGap {
  readonly run: StudyRun;
  readonly kept: Kind;
  readonly concepts: number;
  /** Share of the dictionary's energy in the kept concepts. */
  readonly energyShare: number;
}

export const gapExperiment: Experiment = {
  name: "gap",
  title: "Modality gap and retrieval from chosen concepts",
  question: "Which concepts make the modality gap, and which carry retrieval?",
  lacks: (_runs, set) => lacksModality(set),
  async measure(study) {
    const groups = groupBySettings(study.runs);
    const { shown, note } = figureGroups(groups);
    const { backend, set, seed } = study;
    const sample = searchedPairs(set.embeddings, seed);
    const original = await ofEmbeddings(backend, set.embeddings, sample, await study.means());
    const found: Measured[] = [];
    for (const group of groups)
      for (const run of group.runs) found.push(...(await ofRun(study, run, group, sample)));
    const of = (group: RunGroup, kept: Kind, pick: (one: Measured) => number | undefined) =>
      spread(
        found
          .filter((one) => one.kept === kept && group.runs.includes(one.run))
          .map((one) => pick(one) ?? NaN),
      );
    const present = kinds.filter((kind) => found.some(({ kept }) => kept === kind));
    const columns = ["modality gap", "recall@1, text to image"] as const;
    const bars = shown.flatMap((group) =>
      present.flatMap((kept) => [
        {
          label: group.label,
          column: columns[0],
          kept,
          value: of(group, kept, ({ gapOfConcepts }) => gapOfConcepts).mean,
        },
        {
          label: group.label,
          column: columns[1],
          kept,
          value: of(group, kept, ({ recall }) => recall?.textToImage.at1).mean,
        },
      ]),
    );
    const rows = [{ ...original, dictionary: "(embeddings themselves)" }, ...found];
    return {
      rows: rows.map((one) => ({
        dictionary: "run" in one ? one.run.name : one.dictionary,
        kept: "kept" in one ? one.kept : null,
        concepts: "concepts" in one ? one.concepts : null,
        energyShare: "energyShare" in one ? one.energyShare : null,
        gap: one.gap,
        gapOfConcepts: "gapOfConcepts" in one ? one.gapOfConcepts : null,
        imageToTextAt1: one.recall?.imageToText.at1 ?? null,
        imageToTextAt5: one.recall?.imageToText.at5 ?? null,
        imageToTextAt10: one.recall?.imageToText.at10 ?? null,
        textToImageAt1: one.recall?.textToImage.at1 ?? null,
        textToImageAt5: one.recall?.textToImage.at5 ?? null,
        textToImageAt10: one.recall?.textToImage.at10 ?? null,
      })),
      columns: {
        dictionary: "dictionary of the study, or the embeddings as they are",
        kept: "which concepts the reconstruction is made of",
        concepts: "how many these are",
        energyShare: "their share of the energy",
        gap: "distance of the mean image and the mean text reconstruction",
        gapOfConcepts:
          "the same without decoder biases, which hold part of the gap where centring is per modality",
        imageToTextAt1: "share of images with one of their captions as the nearest text",
        imageToTextAt5: "the same among the 5 nearest",
        imageToTextAt10: "the same among the 10 nearest",
        textToImageAt1: "share of captions with their image as the nearest image",
        textToImageAt5: "the same among the 5 nearest",
        textToImageAt10: "the same among the 10 nearest",
      },
      figure: {
        description: "Modality gap and recall after keeping only some concepts, bars for each configuration",
        height: 80 + (40 + 16 * present.length) * shown.length,
        plot: (palette) => ({
          marginLeft: 130,
          marginTop: 48,
          x: { label: null, grid: true, ticks: 5 },
          y: { label: null, domain: [...present] },
          fx: { axis: null, domain: [...columns] },
          fy: { axis: null, padding: 0.3, domain: shown.map(({ label }) => label) },
          marks: [
            panelColumns(),
            Plot.barX(
              bars.filter(({ value }) => Number.isFinite(value)),
              {
                fx: "column",
                fy: "label",
                y: "kept",
                x: "value",
                fill: ({ column }: (typeof bars)[number]) => palette.series[column === columns[0] ? 1 : 0],
                insetTop: 1,
              },
            ),
            Plot.ruleX([0], { stroke: palette.faint }),
            panelTitles(
              shown.map(({ label }) => label),
              columns[0],
            ),
          ],
        }),
      },
      caption: `Modality gap (distance of the mean reconstructions, decoder biases left out) and recall@1 of captions finding their image, from reconstructions by some of the concepts only, mean over seeds; stable: matched cosine of at least ${stableFrom} with every other seed; random: as many as there are bimodal ones.${note}`,
      sentences: [
        `The embeddings themselves have a gap of ${original.gap.toFixed(3)}${original.recall === null ? "" : ` and a recall@1 of ${original.recall.textToImage.at1.toFixed(3)} from text to image (${original.recall.images} images, ${original.recall.texts} captions)`}.`,
        ...shown.map((group) => {
          const parts = present
            .filter((kept) => of(group, kept, ({ gapOfConcepts }) => gapOfConcepts).count > 0)
            .map(
              (kept) =>
                `${words[kept]} (${written(
                  of(group, kept, ({ concepts }) => concepts),
                  0,
                )}): gap ${written(of(group, kept, ({ gapOfConcepts }) => gapOfConcepts))}, recall@1 ${written(of(group, kept, ({ recall }) => recall?.textToImage.at1))}`,
            );
          return `${group.label}: ${parts.join("; ")}.`;
        }),
        uncertainty(Math.max(...groups.map(({ runs }) => runs.length))),
      ],
      runs: study.runs.length,
    };
  },
};

async function ofRun(
  study: PaperStudy,
  run: StudyRun,
  group: RunGroup,
  sample: PairSample,
): Promise<Measured[]> {
  study.signal?.throwIfAborted();
  study.progress({
    stage: `gap: ${run.name}`,
    done: study.runs.indexOf(run),
    total: study.runs.length,
    unit: "runs",
  });
  const { backend } = study;
  const { dictionary } = await study.dictionary(run);
  const { energy, modalityScore } = await study.statistics(run);
  const codes = await study.codes(run);
  const meanCodes = {
    image: meanCode(conceptActivity(codes.image)),
    text: meanCode(conceptActivity(codes.text)),
  };
  const measure = ofConcepts(backend, dictionary, codes, meanCodes, sample);
  const active = modalityScore.map((score) => (Number.isNaN(score) ? 0 : 1));
  const bimodal = bimodalConcepts(modalityScore);
  const count = (keep: Uint8Array): number => keep.reduce((sum, kept) => sum + kept, 0);
  const choices = new Map<Kind, Uint8Array>([
    ["all concepts", Uint8Array.from(active)],
    ["bimodal", bimodal],
    ["single-modality", Uint8Array.from(active, (one, j) => (one === 1 && bimodal[j] === 0 ? 1 : 0))],
    ["random", randomConcepts(active, count(bimodal), study.seed, run.name)],
  ]);
  const others = group.runs.filter((other) => other !== run);
  if (others.length > 0) {
    const stable = Uint8Array.from(active);
    for (const other of others) {
      const { cosine } = await matchAtoms(backend, dictionary, (await study.dictionary(other)).dictionary);
      for (const [j, value] of cosine.entries()) if (!(value >= stableFrom)) stable[j] = 0;
    }
    choices.set("stable", stable);
    choices.set(
      "unstable",
      Uint8Array.from(active, (one, j) => (one === 1 && stable[j] === 0 ? 1 : 0)),
    );
  }
  const total = energy.reduce((sum, value) => sum + value, 0);
  const out: Measured[] = [];
  for (const [kept, keep] of choices) {
    if (count(keep) === 0) continue;
    const share = energy.reduce((sum, value, j) => sum + (keep[j] === 1 ? value : 0), 0) / total;
    out.push({ run, kept, concepts: count(keep), energyShare: share, ...(await measure(keep)) });
  }
  return out;
}

function randomConcepts(active: Float64Array, count: number, seed: number, name: string): Uint8Array {
  const candidates = Array.from(active.keys()).filter((j) => active[j] === 1);
  const keep = new Uint8Array(active.length);
  const order = Random.of(seed, `random concepts of ${name}`).permutation(candidates.length);
  for (const position of order.subarray(0, count)) keep[candidates[position]!] = 1;
  return keep;
}
