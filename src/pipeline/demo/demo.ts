/** `viaduct demo`: draws the world, imports it, trains, analyses, and scores what was found. */
import { join } from "node:path";
import { silent, type Progress } from "../../base/progress.ts";
import type { Backend } from "../../kernels/backend.ts";
import { analyzeDictionary } from "../analysis/analyze-dictionary.ts";
import { writeAnalysis } from "../analysis/write-analysis.ts";
import { openDictionary } from "../dictionary-folder.ts";
import { openEmbeddingSet } from "../embedding-set.ts";
import { importEmbeddings } from "../import.ts";
import { trainStudy } from "../train.ts";
import { demoDictionary, demoLayout } from "./layout-on-disk.ts";
import { placeForDemo } from "./place.ts";
import { scoreDemo, type DemoScore } from "./score.ts";
import { makeWorld } from "./world.ts";
import { writeWorld } from "./write-world.ts";

export interface DemoSpec {
  /** Absent, empty, or an earlier demo's folder with nothing else in it: that demo is replaced. */
  readonly out: string;
  readonly seed?: number;
}

export interface DemoEffects {
  readonly backend: Backend;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface DemoResult extends DemoScore {
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

/**
 * What the world needs: room to spare for its concepts, and as many active as scenes have traits.
 * A concept of this small world is touched by seven rows of a batch, and β₂ 0.999 finds three more
 * of 199 than the default, which serves wide dictionaries (docs/learners/defaults.md).
 */
const options = { concepts: 384, k: 10, epochs: 60, beta2: 0.999 };

export async function runDemo({ out, seed = 0 }: DemoSpec, effects: DemoEffects): Promise<DemoResult> {
  const { backend, now, progress = silent, signal } = effects;
  const started = now();
  const folder = await placeForDemo(out);
  const made = makeWorld(seed);
  progress({ stage: "draw", done: 0, total: made.scenes.length, unit: "pictures" });
  const inputs = await writeWorld(join(folder, demoLayout.world), made);
  const set = join(folder, demoLayout.set);
  const stop = signal === undefined ? {} : { signal };
  await importEmbeddings({ ...inputs, out: set }, { progress, ...stop });
  const study = join(folder, demoLayout.study);
  const { name, run } = await trainStudy(
    { set, study, learner: "batch-topk", options: { ...options, seed }, name: demoDictionary },
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
      seed,
      progress,
      ...stop,
    });
    await writeAnalysis(study, name, analysis);
    const score = await scoreDemo(made.truth, dictionary, analysis, backend);
    const { r2, activePerSample, deadFraction } = run.metrics.all;
    return {
      ...score,
      study,
      pictures: made.scenes.length,
      captions: made.captions.length,
      r2,
      activePerSample,
      deadFraction,
      seconds: (now() - started) / 1000,
    };
  } finally {
    await opened.close();
  }
}
