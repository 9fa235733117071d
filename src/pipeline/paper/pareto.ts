/**
 * E1: reconstruction against sparsity. R² over held-out rows (all rows where none are held out)
 * against the mean number of active concepts per sample, for every run; a run is on the front when
 * no other explains more with as few or fewer active concepts.
 */
import * as Plot from "@observablehq/plot";
import type { Experiment } from "./experiment.ts";
import { seriesStyle, type Palette } from "./figure.ts";
import { counted, groupBySettings, type StudyRun } from "./runs.ts";
import { spread, uncertainty, written, type Spread } from "./spread.ts";

interface Point {
  readonly label: string;
  readonly learner: string;
  readonly family: StudyRun["family"];
  readonly active: Spread;
  readonly r2: Spread;
  readonly dead: Spread;
  readonly seconds: Spread;
  readonly runs: number;
  front: boolean;
}

/** Differences in L0 and R² smaller than these are ties. */
const sameActive = 1.02;
const sameR2 = 0.0005;

export const pareto: Experiment = {
  name: "pareto",
  title: "Reconstruction against sparsity",
  question: "Which methods explain most of the embeddings with the fewest active concepts?",
  lacks: () => null,
  async measure({ runs }) {
    // R² compares only over the same rows: held-out rows are those of a run's own choice of rows.
    const oneDiet = new Set(runs.map(({ rows }) => rows)).size === 1;
    const measured = ({ record }: StudyRun) =>
      (oneDiet ? record.metrics.heldOut : null) ?? record.metrics.all;
    const where =
      oneDiet && runs.every(({ record }) => record.metrics.heldOut !== null)
        ? "held-out rows"
        : "all rows of the set";
    const groups = groupBySettings(runs);
    const points = groups.map((group): Point => {
      const of = (pick: (run: StudyRun) => number): Spread => spread(group.runs.map(pick));
      return {
        label: group.label,
        learner: group.learner,
        family: group.runs[0]!.family,
        active: of((run) => measured(run).activePerSample),
        r2: of((run) => measured(run).r2 ?? NaN),
        dead: of((run) => run.record.metrics.all.deadFraction),
        seconds: of((run) => run.record.seconds),
        runs: group.runs.length,
        front: false,
      };
    });
    for (const point of points) {
      point.front = !points.some(
        (other) =>
          other.active.mean <= point.active.mean * sameActive &&
          other.r2.mean > point.r2.mean + sameR2 &&
          other !== point,
      );
    }
    const learners = [...new Set(points.map(({ learner }) => learner))];
    return {
      rows: runs.map((run) => ({
        name: run.name,
        learner: run.learner,
        concepts: run.concepts,
        k: run.k,
        rows: run.rows,
        seed: run.seed,
        activePerSample: measured(run).activePerSample,
        r2: measured(run).r2,
        r2AllRows: run.record.metrics.all.r2,
        activePerSampleAllRows: run.record.metrics.all.activePerSample,
        deadFraction: run.record.metrics.all.deadFraction,
        seconds: run.record.seconds,
        onFront: groups.some((group, i) => points[i]!.front && group.runs.includes(run)),
      })),
      columns: {
        name: "dictionary of the study",
        learner: "method",
        concepts: "number of concepts",
        k: "asked number of active concepts per sample",
        rows: "which rows it learned from",
        seed: "seed of the run",
        activePerSample: `mean active concepts per row (L0), ${where}`,
        r2: `share of variance explained, ${where}`,
        r2AllRows: "share of variance explained, all rows",
        activePerSampleAllRows: "mean active concepts per row, all rows",
        deadFraction: "share of concepts never active on all rows",
        seconds: "time of training in seconds",
        onFront: "no other explains more with as few active concepts",
      },
      figure: {
        description: "R squared against the number of active concepts per sample, a line for each method",
        legend: learners,
        plot: (palette) => plotOf(points, learners, palette),
      },
      caption: `Share of variance explained on ${where} against active concepts per sample (logarithmic); bars: one standard deviation over seeds; rings: on the Pareto front.`,
      sentences: sentencesOf(points),
      runs: runs.length,
    };
  },
};

function plotOf(points: readonly Point[], learners: readonly string[], palette: Palette): Plot.PlotOptions {
  const lowest = Math.min(...points.map(({ r2 }) => r2.mean).filter(Number.isFinite));
  const marks: Plot.Markish[] = [];
  learners.forEach((learner, i) => {
    const { colour, line, dot } = seriesStyle(palette, i);
    const own = points
      .filter((point) => point.learner === learner)
      .sort((a, b) => a.active.mean - b.active.mean);
    const position = { x: (p: Point) => p.active.mean, y: (p: Point) => p.r2.mean };
    if (own.length > 1) {
      marks.push(
        Plot.line(own, {
          ...position,
          ...line,
          strokeWidth: 1.5,
        }),
      );
    }
    marks.push(
      Plot.ruleX(
        own.filter(({ r2 }) => r2.deviation > 0),
        {
          x: position.x,
          y1: (p: Point) => p.r2.mean - p.r2.deviation,
          y2: (p: Point) => p.r2.mean + p.r2.deviation,
          stroke: colour,
        },
      ),
      Plot.dot(own, { ...position, ...dot, strokeWidth: 1.5, r: 3.5 }),
    );
  });
  marks.push(
    Plot.dot(
      points.filter(({ front }) => front),
      { x: (p: Point) => p.active.mean, y: (p: Point) => p.r2.mean, r: 6.5, stroke: palette.ink },
    ),
  );
  return {
    inset: 8,
    x: { type: "log", label: "active concepts per sample (L0) →", grid: true, ticks: 6, tickFormat: "~s" },
    y: { label: "↑ R²", grid: true, domain: [Math.max(-0.2, Math.floor(10 * lowest) / 10), 1], clamp: true },
    marks,
  };
}

function sentencesOf(points: readonly Point[]): string[] {
  const front = points.filter((point) => point.front).sort((a, b) => a.active.mean - b.active.mean);
  const sentences = [
    `Compared: ${counted(points.length, "configuration")} of ${counted(new Set(points.map((p) => p.learner)).size, "method")}.`,
    `On the Pareto front: ${front.map((p) => `${p.label} (L0 ${written(p.active, 1)}, R² ${written(p.r2)})`).join("; ")}.`,
  ];
  const factorisations = points.filter(({ family }) => family === "factorization");
  const judged = factorisations.flatMap((own) => {
    const rival = bestRival(points, own);
    return rival === null ? [] : [{ own, rival }];
  });
  if (factorisations.length > 0) {
    const won = judged.filter(({ own, rival }) => rival.r2.mean > own.r2.mean);
    const lost = judged.filter((pair) => !won.includes(pair));
    const told = ({ own, rival }: (typeof judged)[number]): string =>
      `${own.label} (R² ${written(own.r2)} at L0 ${written(own.active, 1)}; ${rival.label}: ${written(rival.r2)} at ${written(rival.active, 1)})`;
    sentences.push(
      `${judged.length} of ${counted(factorisations.length, "factorisation")} can be judged against a sparse autoencoder of comparable sparsity (half to as many active concepts): the best such autoencoder explains more than ${won.length === 0 ? "none of them" : won.map(told).join("; ")}${lost.length === 0 ? "" : `, and not more than ${lost.map(told).join("; ")}`}.`,
    );
  }
  sentences.push(uncertainty(Math.max(...points.map(({ runs }) => runs))));
  return sentences;
}

/** The best sparse autoencoder with half to as many active concepts. */
function bestRival(points: readonly Point[], own: Point): Point | null {
  const rivals = points.filter(
    ({ family, active }) =>
      family === "sae" &&
      active.mean <= own.active.mean * sameActive &&
      active.mean >= own.active.mean / 2 / sameActive,
  );
  const [rival] = rivals.sort((a, b) => b.r2.mean - a.r2.mean);
  return rival ?? null;
}
