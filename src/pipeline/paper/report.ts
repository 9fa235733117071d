/** `viaduct report`: all experiments of a study as one HTML page that needs nothing beside it. */
import { resolve } from "node:path";
import { writeFileAtomic } from "../../platform/node/files/write-file.ts";
import { packageVersion } from "../../platform/node/files/package-version.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { openStudy } from "../study.ts";
import { experiments } from "./experiments.ts";
import { reportPage } from "./report-page.ts";
import { runExperiments, type PaperEffects, type PaperSpec } from "./run-experiments.ts";
import { readRun } from "../dictionary-folder.ts";

export interface ReportSpec extends Omit<PaperSpec, "experiments"> {
  /** Default: report.html in the study. */
  readonly out?: string;
}

export interface WrittenReport {
  readonly path: string;
  readonly measured: readonly string[];
  readonly left: readonly { readonly experiment: string; readonly lacks: string }[];
  readonly dictionaries: readonly string[];
}

export async function writeReport(spec: ReportSpec, effects: PaperEffects): Promise<WrittenReport> {
  const study = await openStudy(spec.study);
  const measured = await runExperiments({ ...spec, experiments }, effects);
  const [first] = measured;
  const dictionaries = first?.runs.map(({ name }) => name) ?? [];
  const runs = await Promise.all(dictionaries.map((name) => readRun(study.path, name)));
  const path = resolve(spec.out ?? `${study.path}/${studyLayout.report}`);
  await writeFileAtomic(
    path,
    reportPage({ study: study.manifest, runs, measured, seed: spec.seed ?? 0, version: packageVersion() }),
  );
  return {
    path,
    measured: measured.flatMap(({ experiment, finding }) => (finding === null ? [] : [experiment.name])),
    left: measured.flatMap(({ experiment, lacks }) =>
      lacks === null ? [] : [{ experiment: experiment.name, lacks }],
    ),
    dictionaries,
  };
}
