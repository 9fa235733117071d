/** What both demos do with their embedding set: learn a dictionary, measure it, keep both in the study. */
import { silent, type Progress } from "../../base/progress.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import type { RunRecord } from "../../protocol/study.ts";
import { analyzeDictionary, type Analysis } from "../analysis/analyze-dictionary.ts";
import { writeAnalysis } from "../analysis/write-analysis.ts";
import { openDictionary } from "../dictionary-folder.ts";
import { openEmbeddingSet } from "../embedding-set.ts";
import { trainStudy } from "../train.ts";
import { demoDictionary } from "./layout-on-disk.ts";

export interface DemoEffects {
  readonly backend: Backend;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface Learned {
  readonly dictionary: Dictionary;
  readonly run: RunRecord;
  readonly analysis: Analysis;
}

export async function learnDemo(
  {
    set,
    study,
    options,
  }: { readonly set: string; readonly study: string; readonly options: object & { readonly seed: number } },
  { backend, now, progress = silent, signal }: DemoEffects,
): Promise<Learned> {
  const stop = signal === undefined ? {} : { signal };
  const { name, run } = await trainStudy(
    { set, study, learner: "batch-topk", options: { ...options }, name: demoDictionary },
    { backend, progress, now, ...stop },
  );
  const { dictionary } = await openDictionary(study, name);
  const opened = await openEmbeddingSet(set);
  try {
    const analysis = await analyzeDictionary({
      name,
      learner: run.learner,
      dictionary,
      set: opened.embeddings,
      items: opened.items,
      backend,
      seed: options.seed,
      progress,
      ...stop,
    });
    await writeAnalysis(study, name, analysis);
    return { dictionary, run, analysis };
  } finally {
    await opened.close();
  }
}

export interface DemoFigures {
  /** The study's folder. */
  readonly study: string;
  readonly pictures: number;
  readonly captions: number;
  /** null where the rows do not vary. */
  readonly r2: number | null;
  readonly activePerSample: number;
  readonly deadFraction: number;
  readonly seconds: number;
}

export function demoFigures(
  study: string,
  told: { readonly scenes: readonly unknown[]; readonly captions: readonly unknown[] },
  { run }: Learned,
  seconds: number,
): DemoFigures {
  const { r2, activePerSample, deadFraction } = run.metrics.all;
  return {
    study,
    pictures: told.scenes.length,
    captions: told.captions.length,
    r2,
    activePerSample,
    deadFraction,
    seconds,
  };
}
