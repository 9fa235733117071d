/** The runs of a study as the experiments see them: what tells them apart, and what repeats. */
import { badInput } from "../../base/errors.ts";
import type { RunRecord } from "../../protocol/study.ts";
import { dietName } from "../diet/diet-name.ts";
import { readRun } from "../dictionary-folder.ts";
import type { Study } from "../study.ts";

const allRows = "all rows";

/** More lines or panels than this are not told apart. */
const mostInFigure = 10;

export interface StudyRun {
  readonly name: string;
  readonly learner: string;
  readonly family: "sae" | "factorization";
  readonly concepts: number;
  /** The asked number of active concepts per sample; null where the learner has no such choice. */
  readonly k: number | null;
  readonly seed: number;
  /** Which rows it learned from: "mix75-25-rows4000", or "all rows". */
  readonly rows: string;
  readonly record: RunRecord;
}

/** Runs that differ only in their seed. */
export interface RunGroup {
  /** "batch-topk, 1024 concepts, k 16": the learner and what varies among its runs. */
  readonly label: string;
  readonly learner: string;
  readonly runs: readonly StudyRun[];
}

export async function studyRuns(
  study: Study,
  familyOf: (learner: string) => StudyRun["family"],
): Promise<StudyRun[]> {
  if (study.dictionaries.length === 0) {
    throw badInput(`the study ${study.path} has no finished dictionary; train one with: viaduct train`);
  }
  const runs: StudyRun[] = [];
  for (const name of study.dictionaries) {
    const record = await readRun(study.path, name);
    runs.push({
      name,
      learner: record.learner,
      family: familyOf(record.learner),
      concepts: numberIn(record.config, "concepts") ?? 0,
      k: sparsityOf(record.config),
      seed: numberIn(record.config, "seed") ?? 0,
      rows: rowsOf(record),
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

function numberIn(config: Readonly<Record<string, unknown>>, key: string): number | null {
  const value = config[key];
  return typeof value === "number" ? value : null;
}

function sparsityOf(config: Readonly<Record<string, unknown>>): number | null {
  return numberIn(config, "targetL0") ?? numberIn(config, "k");
}

/** The rows that a run learned from, in the words of its diet. */
function rowsOf({ diet }: RunRecord): string {
  return diet === null ? allRows : dietName(diet);
}

type Axis = "concepts" | "k" | "rows" | "seed";

const words: Readonly<Record<Axis, (run: StudyRun) => string>> = {
  concepts: (run) => `${run.concepts} concepts`,
  k: (run) => (run.k === null ? "" : `k ${run.k}`),
  rows: (run) => (run.rows === allRows ? "" : run.rows),
  seed: (run) => `seed ${run.seed}`,
};

/** Runs alike in everything but `except`, in the order of `runs`; labels name what varies within a learner. */
export function groupRuns(runs: readonly StudyRun[], except: "seed" | "rows"): RunGroup[] {
  const axes = (["concepts", "k", "rows", "seed"] as const).filter((axis) => axis !== except);
  const groups = new Map<string, StudyRun[]>();
  for (const run of runs) {
    const key = [run.learner, ...axes.map((axis) => words[axis](run))].join(", ");
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return Array.from(groups.values(), (members) => {
    const [first] = members as [StudyRun];
    const alike = runs.filter(({ learner }) => learner === first.learner);
    const varying = axes.filter((axis) => new Set(alike.map(words[axis])).size > 1);
    const parts = varying.map((axis) => words[axis](first)).filter((part) => part !== "");
    return { label: [first.learner, ...parts].join(", "), learner: first.learner, runs: members };
  });
}

/** Groups that a figure has room for: all, or one of each learner at its middle sparsity. */
export function figureGroups(groups: readonly RunGroup[]): { shown: readonly RunGroup[]; note: string } {
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
