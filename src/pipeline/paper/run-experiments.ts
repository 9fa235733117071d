/** `viaduct paper`: measures experiments on a study and writes each one's table, figure and finding. */
import { join } from "node:path";
import { badInput } from "../../base/errors.ts";
import { silent, type Progress } from "../../base/progress.ts";
import type { Modality } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import { encodeRows } from "../../learners/codes.ts";
import { learners } from "../../learners/registry.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { openDictionary } from "../dictionary-folder.ts";
import { openStudy, openStudySet } from "../study.ts";
import { conceptStatistics, type ConceptStatistics } from "./concept-statistics.ts";
import type { Experiment, Finding, FindingTable, PaperStudy } from "./experiment.ts";
import { meanRows } from "./mean-rows.ts";
import { studyRuns, type StudyRun } from "./runs.ts";
import { writeFinding } from "./write-finding.ts";

/** Which runs of the study take part; every list left out takes all. */
export interface RunChoice {
  readonly learners?: readonly string[];
  readonly concepts?: readonly number[];
  readonly k?: readonly number[];
  readonly seeds?: readonly number[];
}

export interface PaperSpec {
  readonly study: string;
  readonly experiments: readonly Experiment[];
  readonly choice?: RunChoice;
  /** Seed of samples and random baselines; default 0. */
  readonly seed?: number;
  /** Also draw PNG files; default true. */
  readonly png?: boolean;
}

export interface PaperEffects {
  readonly backend: Backend;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface MeasuredExperiment {
  readonly experiment: Experiment;
  /** Null where the runs at hand cannot answer it; `lacks` says why. */
  readonly finding: Finding | null;
  readonly lacks: string | null;
  /** The runs that took part. */
  readonly runs: readonly StudyRun[];
  /** Folder that holds table, figure and finding. */
  readonly folder: string;
}

/** Measures and writes the experiments one after the other. Throws when only one was asked for and the runs cannot answer it. */
export async function runExperiments(spec: PaperSpec, effects: PaperEffects): Promise<MeasuredExperiment[]> {
  const { backend, progress = silent, signal } = effects;
  const study = await openStudy(spec.study);
  const all = await studyRuns(study, (name) => learners.find((learner) => learner.name === name));
  const runs = chosenRuns(all, spec.choice ?? {}, study.path);
  const set = await openStudySet(study, { verify: true });
  try {
    const seed = spec.seed ?? 0;
    const measured = new Map<string, Promise<ConceptStatistics>>();
    const latest = <T>(make: (run: StudyRun) => Promise<T>): ((run: StudyRun) => Promise<T>) => {
      let kept: { readonly run: StudyRun; readonly value: Promise<T> } | undefined;
      return (run) => {
        if (kept?.run !== run) kept = { run, value: make(run) };
        return kept.value;
      };
    };
    const codesOf = async (run: StudyRun, modality: Modality): Promise<SparseCodes> => {
      const { dictionary } = await paper.dictionary(run);
      return encodeRows(dictionary, set.embeddings[modality], modality, backend);
    };
    let means: Promise<Record<Modality, Float64Array>> | undefined;
    const paper: PaperStudy = {
      path: study.path,
      set,
      runs,
      backend,
      progress,
      signal,
      seed,
      dictionary: latest((run) => openDictionary(study.path, run.name)),
      codes: latest(async (run) => ({
        image: await codesOf(run, "image"),
        text: await codesOf(run, "text"),
      })),
      statistics(run) {
        let known = measured.get(run.name);
        known ??= paper.codes(run).then(conceptStatistics);
        measured.set(run.name, known);
        return known;
      },
      means: () => (means ??= meanRows(set.embeddings)),
    };
    const out: MeasuredExperiment[] = [];
    for (const [i, experiment] of spec.experiments.entries()) {
      signal?.throwIfAborted();
      progress({ stage: experiment.name, done: i, total: spec.experiments.length, unit: "experiments" });
      const folder = join(study.path, studyLayout.experiment(experiment.name).root);
      const lacks = experiment.lacks(runs, study.manifest.set);
      if (lacks !== null && spec.experiments.length === 1) {
        throw badInput(`${experiment.name}: ${lacks}`);
      }
      const finding = lacks === null ? measuredOnly(await experiment.measure(paper)) : null;
      if (finding !== null) {
        await writeFinding(study.path, experiment, finding, { runs, seed, png: spec.png ?? true });
      }
      out.push({ experiment, finding, lacks, runs, folder });
    }
    return out;
  } finally {
    await set.close();
  }
}

/** Numbers that nothing could be measured for (a mean of no concepts) become empty cells. */
function measuredOnly(finding: Finding): Finding {
  const rowsOf = ({ rows }: FindingTable): FindingTable["rows"] =>
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === "number" && !Number.isFinite(value) ? null : value,
        ]),
      ),
    );
  const { details } = finding;
  return {
    ...finding,
    rows: rowsOf(finding),
    ...(details === undefined ? {} : { details: { ...details, rows: rowsOf(details) } }),
  };
}

function chosenRuns(all: readonly StudyRun[], choice: RunChoice, path: string): StudyRun[] {
  const runs = all.filter(
    (run) =>
      (choice.learners?.includes(run.learner) ?? true) &&
      (choice.concepts?.includes(run.concepts) ?? true) &&
      (choice.k === undefined || (run.sparsity !== null && choice.k.includes(run.sparsity))) &&
      (choice.seeds?.includes(run.seed) ?? true),
  );
  if (runs.length > 0) return runs;
  const having = (of: (run: StudyRun) => string | number | null): string =>
    [...new Set(all.map(of))].filter((value) => value !== null).join(", ");
  throw badInput(
    `the study ${path} has no run of that choice; it has learners ${having((r) => r.learner)}; concepts ${having((r) => r.concepts)}; k ${having((r) => r.sparsity)}; seeds ${having((r) => r.seed)}`,
  );
}
