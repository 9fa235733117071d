/**
 * E7: which pairs of concepts join images to their captions. The bridge mass, Σ of the positive
 * entries of B = E[zᵢᵀz_t] ⊙ (D Dᵀ), is divided by what kind of concepts a bridge joins; a bridge is
 * significant when both q-values (shuffled pairs, permuted dictionary) are below 0.05.
 */
import * as Plot from "@observablehq/plot";
import type { Cell } from "../../formats/table.ts";
import type { Experiment, PaperStudy } from "./experiment.ts";
import { isSignificant } from "../../metrics/bridge-significance.ts";
import { bridgeTable } from "../analysis/bridge-table.ts";
import { conceptWords } from "./examples.ts";
import { panelTitles } from "./figure.ts";
import { figureGroups, groupBySettings, type StudyRun } from "./runs.ts";
import { spread, uncertainty, writtenPercent, type Spread } from "./spread.ts";

const kinds = [
  "one concept on both sides",
  "image-only with text-only",
  "single-modality with bimodal",
  "two bimodal concepts",
  "other pairs",
] as const;

/** Bridges listed for each dictionary, and told of in the text. */
const listed = 20;
const told = 3;

interface BridgesOfRun {
  readonly run: StudyRun;
  /** Share of the positive mass by kind: of all bridges, and of significant ones. */
  readonly all: readonly number[];
  readonly significant: readonly number[];
  readonly coactive: number;
  readonly significantCount: number;
  readonly top: readonly TopBridge[];
}

interface TopBridge {
  readonly image: number;
  readonly text: number;
  readonly score: number;
  readonly cosine: number;
  readonly shuffleQ: number;
  readonly permutedQ: number;
  readonly kind: number;
  /** What its concepts are called. */
  readonly imageWords: string | null;
  readonly textWords: string | null;
}

export const bridgesExperiment: Experiment = {
  name: "bridges",
  title: "Bridges between image and text concepts",
  question:
    "Which concepts work together across the modalities, and how much do single-modality concepts carry?",
  lacks: (_runs, set) =>
    set.pairs > 0 ? null : "the embedding set has no pairs, hence no bridges; import it with --pairs",
  async measure(study) {
    const found: BridgesOfRun[] = [];
    for (const [done, run] of study.runs.entries()) {
      study.signal?.throwIfAborted();
      study.progress({ stage: `bridges: ${run.name}`, done, total: study.runs.length, unit: "runs" });
      found.push(await bridgesOf(study, run));
    }
    const groups = groupBySettings(study.runs).map((group) => {
      const own = found.filter(({ run }) => group.runs.includes(run));
      const by = (of: (one: BridgesOfRun) => number): Spread => spread(own.map(of));
      return {
        label: group.label,
        runs: own.length,
        all: kinds.map((_, kind) => by((one) => one.all[kind]!)),
        significant: kinds.map((_, kind) => by((one) => one.significant[kind]!)),
        count: by((one) => one.significantCount),
        coactive: by((one) => one.coactive),
        top: own[0]!.top,
        first: own[0]!.run,
      };
    });
    const { shown, note } = figureGroups(groupBySettings(study.runs));
    const drawn = groups.filter(({ label }) => shown.some((group) => group.label === label));
    const bars = drawn.flatMap(({ label, all, significant }) =>
      kinds.flatMap((kind, i) => [
        { label, of: "all co-active", kind, share: all[i]!.mean },
        { label, of: "significant", kind, share: significant[i]!.mean },
      ]),
    );
    const details: Record<string, Cell>[] = [];
    for (const { run, top } of found) {
      for (const [rank, bridge] of top.entries()) {
        details.push({
          dictionary: run.name,
          rank: rank + 1,
          imageConcept: bridge.image,
          textConcept: bridge.text,
          score: bridge.score,
          cosine: bridge.cosine,
          shuffleQ: bridge.shuffleQ,
          permutedQ: bridge.permutedQ,
          kind: kinds[bridge.kind]!,
          imageExample: bridge.imageWords,
          textExample: bridge.textWords,
        });
      }
    }
    const sentences: string[] = [];
    for (const group of drawn) {
      const different = group.top.filter(({ image, text }) => image !== text).slice(0, told);
      const examples = different.map((bridge) => {
        const row = details.find(
          (detail) =>
            detail["dictionary"] === group.first.name &&
            detail["imageConcept"] === bridge.image &&
            detail["textConcept"] === bridge.text,
        );
        return `concept ${bridge.image} (${String(row?.["imageExample"] ?? "–")}) with concept ${bridge.text} (“${String(row?.["textExample"] ?? "–")}”)`;
      });
      sentences.push(
        `${group.label}: of ${group.coactive.mean.toFixed(0)} co-active pairs of concepts ${group.count.mean.toFixed(0)} are significant bridges. Of the positive bridge mass ${writtenPercent(group.all[0]!)} lies on single concepts active on both sides, ${writtenPercent(group.all[1]!)} between image-only and text-only concepts, ${writtenPercent(group.all[2]!)} between a single-modality and a bimodal one; ${group.count.mean === 0 ? "none is significant" : `of the significant mass ${writtenPercent(group.significant[1]!)} lies between image-only and text-only concepts`}.${examples.length === 0 ? "" : ` The strongest significant bridges between different concepts of ${group.first.name}: ${examples.join("; ")}.`}`,
      );
    }
    sentences.push(uncertainty(Math.max(...groups.map(({ runs }) => runs))));
    return {
      rows: found.flatMap(({ run, all, significant, coactive, significantCount }) =>
        kinds.map((kind, i) => ({
          dictionary: run.name,
          learner: run.learner,
          kind,
          massShare: all[i]!,
          significantMassShare: significantCount === 0 ? null : significant[i]!,
          coactive,
          significant: significantCount,
        })),
      ),
      columns: {
        dictionary: "dictionary of the study",
        learner: "method",
        kind: "what a bridge joins; single-modality: score below 0.05 or above 0.95",
        massShare: "share of Σ of positive bridge scores",
        significantMassShare: "the same of significant bridges; empty where there are none",
        coactive: "pairs of concepts that are active together on some matched pair",
        significant: "bridges with positive score and both q-values below 0.05",
      },
      details: {
        name: "top-bridges",
        rows: details,
        columns: {
          dictionary: "dictionary of the study",
          rank: "by score, significant bridges between different concepts",
          imageConcept: "concept on the image side",
          textConcept: "concept on the text side",
          score: "co-activation times cosine",
          cosine: "of the two atoms",
          shuffleQ: "q-value against shuffled pairs",
          permutedQ: "q-value against the permuted dictionary",
          kind: "what the bridge joins",
          imageExample: "name of the image concept; without one, the item of the row that activates it most",
          textExample: "the same of the text concept",
        },
      },
      figure: {
        description: "Shares of the bridge mass by kind of bridge, a bar for each configuration",
        legend: [...kinds],
        height: 60 + 76 * drawn.length,
        plot: (palette) => ({
          marginLeft: 110,
          x: { label: "share of the positive bridge mass →", domain: [0, 1], grid: true },
          y: { label: null, domain: ["all co-active", "significant"] },
          fy: { axis: null, padding: 0.3, domain: drawn.map(({ label }) => label) },
          color: { domain: [...kinds], range: palette.series.slice(0, kinds.length) },
          marks: [
            Plot.barX(bars, { fy: "label", y: "of", x: "share", fill: "kind" }),
            panelTitles(drawn.map(({ label }) => label)),
          ],
        }),
      },
      caption: `Share of the positive bridge mass by the kind of concepts that a bridge joins, mean over seeds; single-modality: score below 0.05 or above 0.95.${note}`,
      sentences,
      runs: study.runs.length,
    };
  },
};

async function bridgesOf(study: PaperStudy, run: StudyRun): Promise<BridgesOfRun> {
  const { dictionary } = await study.dictionary(run);
  const codes = await study.codes(run);
  const { modalityScore } = await study.statistics(run);
  const { atoms, dimension } = dictionary;
  const { matrix, coactive } = await bridgeTable(
    study.backend,
    codes,
    study.set.embeddings.pairs,
    atoms,
    dimension,
    study.seed,
  );
  const kindOf = (i: number, j: number): number => {
    if (i === j) return 0;
    const [a, b] = [modalityScore[i]!, modalityScore[j]!];
    const [singleA, singleB] = [a > 0.95 || a < 0.05, b > 0.95 || b < 0.05];
    if (a > 0.95 && b < 0.05) return 1;
    if (singleA !== singleB) return 2;
    return singleA ? 4 : 3;
  };
  const all = new Float64Array(kinds.length);
  const significant = new Float64Array(kinds.length);
  const strongest: Omit<TopBridge, "imageWords" | "textWords">[] = [];
  let significantCount = 0;
  for (const [e, score] of matrix?.found.score.entries() ?? []) {
    if (matrix === null || !(score > 0)) continue;
    const [image, text] = [matrix.found.imageConcept[e]!, matrix.found.textConcept[e]!];
    const kind = kindOf(image, text);
    all[kind]! += score;
    const [shuffleQ, permutedQ] = [matrix.shuffleQ[e]!, matrix.permutedQ[e]!];
    if (!isSignificant({ score, shuffleQ, permutedQ })) continue;
    significant[kind]! += score;
    significantCount++;
    if (image === text) continue;
    strongest.push({ image, text, score, cosine: matrix.found.cosine[e]!, shuffleQ, permutedQ, kind });
    if (strongest.length >= 64 * listed) keepStrongest(strongest);
  }
  keepStrongest(strongest);
  const words = await conceptWords(study, run, codes);
  const top: TopBridge[] = [];
  for (const bridge of strongest) {
    top.push({
      ...bridge,
      imageWords: await words(bridge.image, "image"),
      textWords: await words(bridge.text, "text"),
    });
  }
  return { run, all: shares(all), significant: shares(significant), coactive, significantCount, top };
}

function keepStrongest(top: { score: number; image: number; text: number }[]): void {
  top.sort((a, b) => b.score - a.score || a.image - b.image || a.text - b.text);
  top.length = Math.min(top.length, listed);
}

function shares(mass: Float64Array): number[] {
  const total = mass.reduce((sum, value) => sum + value, 0);
  return Array.from(mass, (value) => value / total);
}
