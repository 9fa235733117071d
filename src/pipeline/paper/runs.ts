/** The runs of a study as the experiments see them: what tells them apart, and what repeats. */
import { badInput } from "../../base/errors.ts";
import type { Learner } from "../../learners/learner.ts";
import type { RunRecord } from "../../protocol/study.ts";
import { dietName } from "../diet/diet-name.ts";
import { readRun } from "../dictionary-folder.ts";
import type { Study } from "../study.ts";

const allRows = "all rows";
const floors: ReadonlySet<string> = new Set(["random", "identity"]);

/** More lines or panels than this are not told apart. */
const mostInFigure = 10;

export interface StudyRun {
  readonly name: string;
  readonly learner: string;
  /** "floor": a method that learns nothing, to compare with. */
  readonly family: "sae" | "factorization" | "floor";
  readonly concepts: number;
  /** The asked number of active concepts per sample; null where the learner has no such choice. */
  readonly k: number | null;
  /** What a choice of sparsities compares: k, or all concepts where every one is active on every row, or one. */
  readonly sparsity: number | null;
  readonly seed: number;
  /** Which rows it learned from: "mix75-25-rows4000", or "all rows". */
  readonly rows: string;
  /** "75:25" of image to text rows; null where no mixture was drawn. */
  readonly mixture: string | null;
  readonly record: RunRecord;
}

/** Runs that differ only in their seed, or only in seed and mixture. */
export interface RunGroup {
  /** "batch-topk, 1024 concepts, k 16": the learner and what varies among its runs. */
  readonly label: string;
  readonly learner: string;
  readonly runs: readonly StudyRun[];
}

export async function studyRuns(
  study: Study,
  learnerOf: (name: string) => Pick<Learner, "family" | "activity"> | undefined,
): Promise<StudyRun[]> {
  if (study.dictionaries.length === 0) {
    throw badInput(`the study ${study.path} has no finished dictionary; train one with: viaduct train`);
  }
  const runs: StudyRun[] = [];
  for (const name of study.dictionaries) {
    const record = await readRun(study.path, name);
    const learner = learnerOf(record.learner);
    const concepts = numberIn(record.config, "concepts") ?? 0;
    const k = sparsityOf(record.config);
    runs.push({
      name,
      learner: record.learner,
      family: floors.has(record.learner) ? "floor" : (learner?.family ?? "sae"),
      concepts,
      k,
      sparsity: k ?? activeOf(learner, concepts),
      seed: numberIn(record.config, "seed") ?? 0,
      rows: rowsOf(record),
      mixture: mixtureOf(record),
      record,
    });
  }
  return runs.sort(
    (a, b) =>
      a.learner.localeCompare(b.learner) ||
      a.concepts - b.concepts ||
      (a.k ?? 0) - (b.k ?? 0) ||
      a.rows.localeCompare(b.rows, "en", { numeric: true }) ||
      a.seed - b.seed,
  );
}

function mixtureOf({ diet }: RunRecord): string | null {
  const mixture = diet?.mixture ?? null;
  return mixture && `${mixture.image}:${mixture.text}`;
}

function numberIn(config: Readonly<Record<string, unknown>>, key: string): number | null {
  const value = config[key];
  return typeof value === "number" ? value : null;
}

function sparsityOf(config: Readonly<Record<string, unknown>>): number | null {
  return numberIn(config, "targetL0") ?? numberIn(config, "k");
}

/** Active concepts per row of a learner that has no choice of them, where it says so. */
function activeOf(learner: Pick<Learner, "activity"> | undefined, concepts: number): number | null {
  // Learners that have a choice beyond as many concepts as dimensions recorded it.
  const activity = learner?.activity?.(concepts, Infinity);
  return activity === "all" ? concepts : activity === "one" ? 1 : null;
}

/** The rows that a run learned from, in the words of its diet. */
function rowsOf({ diet }: RunRecord): string {
  return diet === null ? allRows : dietName(diet);
}

/** What the label names, where it varies among the runs of one learner. */
const words = {
  concepts: (run: StudyRun) => `${run.concepts} concepts`,
  k: (run: StudyRun) => (run.k === null ? "" : `k ${run.k}`),
  rows: (run: StudyRun) => (run.rows === allRows ? "" : run.rows),
} as const;
type Axis = keyof typeof words;

/** Options that change neither what is learned nor from what. */
const idle: ReadonlySet<string> = new Set(["seed", "checkpointEvery", "logEvery", "evaluations"]);

/** Runs with one resolved configuration but for the seed, on the same rows, in the order of `runs`. */
export function groupBySettings(runs: readonly StudyRun[]): RunGroup[] {
  return grouped(runs, ["concepts", "k", "rows"], ({ record }) => record.config);
}

/**
 * Runs on drawn mixtures that differ only in seed and mixture: options as they were given (resolved
 * ones may follow from the number of rows), and the same conditions, share and total of rows.
 */
export function groupByMixture(runs: readonly StudyRun[]): RunGroup[] {
  const drawn = runs.filter(({ mixture }) => mixture !== null);
  return grouped(drawn, ["concepts", "k"], ({ record }) => {
    const { where, files, share, rows, drawSeed } = record.diet!;
    return { ...record.options, diet: { where, files: files?.sha256, share, rows, drawSeed } };
  });
}

function grouped(
  runs: readonly StudyRun[],
  axes: readonly Axis[],
  settingsOf: (run: StudyRun) => Readonly<Record<string, unknown>>,
): RunGroup[] {
  const shortKey = (run: StudyRun): string =>
    [run.learner, ...axes.map((axis) => words[axis](run))].join(", ");
  const settings = (run: StudyRun): [string, string][] =>
    Object.entries(settingsOf(run))
      .filter(([key]) => !idle.has(key))
      .map(([key, value]): [string, string] => [key, JSON.stringify(value) ?? ""])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const groups = Map.groupBy(runs, (run) => `${shortKey(run)} ${JSON.stringify(settings(run))}`);
  return Array.from(groups.values(), (members) => {
    const [first] = members as [StudyRun];
    const ofLearner = runs.filter(({ learner }) => learner === first.learner);
    const parts = axes
      .filter((axis) => new Set(ofLearner.map(words[axis])).size > 1)
      .map((axis) => words[axis](first));
    // Further options that tell it from groups that the words above do not.
    const alike = runs
      .filter((run) => shortKey(run) === shortKey(first))
      .map((run) => new Map(settings(run)));
    for (const [key, value] of settings(first)) {
      if (alike.some((other) => other.get(key) !== value)) parts.push(`${key} ${value}`);
    }
    return {
      label: [first.learner, ...parts.filter((part) => part !== "")].join(", "),
      learner: first.learner,
      runs: members,
    };
  });
}

/** Groups that a figure has room for: all, or one of each learner at its middle sparsity. */
export function figureGroups(groups: readonly RunGroup[]): {
  readonly shown: readonly RunGroup[];
  readonly note: string;
} {
  if (groups.length <= mostInFigure) return { shown: groups, note: "" };
  const learners = [...new Set(groups.map(({ learner }) => learner))];
  const shown = learners.slice(0, 2 * mostInFigure).map((learner) => {
    const own = groups.filter((group) => group.learner === learner);
    return own[(own.length - 1) >> 1]!;
  });
  return {
    shown,
    note: ` Shown: of each learner the configuration in the middle (${shown.map(({ label }) => label).join("; ")}); the table holds all ${groups.length}.`,
  };
}

/** "12 runs", "1 run" */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
