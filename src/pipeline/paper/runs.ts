/** The runs of a study as the experiments see them: what tells them apart, and what repeats. */
import { badInput } from "../../base/errors.ts";
import type { RunRecord } from "../../protocol/study.ts";
import { readRun } from "../dictionary-folder.ts";
import type { Study } from "../study.ts";

export interface StudyRun {
  readonly name: string;
  readonly learner: string;
  readonly family: "sae" | "factorization";
  readonly concepts: number;
  /** The asked number of active concepts per sample; null where the learner has no such choice. */
  readonly k: number | null;
  readonly seed: number;
  /** "75:25" of image to text rows; "as they are" without a choice. */
  readonly mixture: string;
  readonly record: RunRecord;
}

/** Runs that differ only in their seed. */
export interface RunGroup {
  /** "batch-topk, 1024 concepts, k 16": without what all groups share. */
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
      mixture: mixtureOf(record),
      record,
    });
  }
  return runs.sort(
    (a, b) =>
      a.learner.localeCompare(b.learner) ||
      a.concepts - b.concepts ||
      (a.k ?? 0) - (b.k ?? 0) ||
      a.mixture.localeCompare(b.mixture) ||
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

function mixtureOf({ config }: RunRecord): string {
  const mixture = config["mixture"];
  if (typeof mixture === "string") return mixture;
  if (typeof mixture !== "object" || mixture === null) return "as they are";
  const { image, text } = mixture as { image?: unknown; text?: unknown };
  return typeof image === "number" && typeof text === "number" ? `${image}:${text}` : "as they are";
}

type Axis = "learner" | "concepts" | "k" | "mixture" | "seed";

const words: Readonly<Record<Axis, (run: StudyRun) => string>> = {
  learner: (run) => run.learner,
  concepts: (run) => `${run.concepts} concepts`,
  k: (run) => (run.k === null ? "any L0" : `k ${run.k}`),
  mixture: (run) => (run.mixture === "as they are" ? "rows as they are" : run.mixture),
  seed: (run) => `seed ${run.seed}`,
};

/** Runs alike in everything but `except`, in the order of `runs`. */
export function groupRuns(runs: readonly StudyRun[], except: "seed" | "mixture"): RunGroup[] {
  const axes = (["learner", "concepts", "k", "mixture", "seed"] as const).filter((axis) => axis !== except);
  const varying = axes.filter((axis) => new Set(runs.map(words[axis])).size > 1);
  const groups = new Map<string, StudyRun[]>();
  for (const run of runs) {
    const key = axes.map((axis) => words[axis](run)).join(", ");
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return Array.from(groups.values(), (members) => ({
    label: (varying.length === 0 ? (["learner"] as const) : varying)
      .map((axis) => words[axis](members[0]!))
      .join(", "),
    learner: members[0]!.learner,
    runs: members,
  }));
}

/** "12 runs", "1 run" */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
