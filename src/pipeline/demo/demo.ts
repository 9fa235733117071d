/** `viaduct demo`: draws the world, imports it, trains, analyses, and scores what was found. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { badInput } from "../../base/errors.ts";
import { silent, type Progress } from "../../base/progress.ts";
import type { Backend } from "../../kernels/backend.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { analyzeDictionary } from "../analysis/analyze-dictionary.ts";
import { writeAnalysis } from "../analysis/write-analysis.ts";
import { openDictionary } from "../dictionary-folder.ts";
import { openEmbeddingSet } from "../embedding-set.ts";
import { importEmbeddings } from "../import.ts";
import { trainStudy } from "../train.ts";
import { scoreDemo, type DemoScore } from "./score.ts";
import { makeWorld } from "./world.ts";
import { writeWorld } from "./write-world.ts";

export interface DemoSpec {
  /** Made anew; a demo that lies there already is replaced. */
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
  readonly r2: number;
  readonly activePerSample: number;
  readonly deadFraction: number;
  readonly seconds: number;
}

/** What the world needs: room to spare for its concepts, and as many active as scenes have traits. */
/**
 * A concept of this small world is touched by seven rows of a batch, and β₂ 0.999 finds three more
 * of 199 than the default, which serves wide dictionaries (docs/learners/defaults.md).
 */
const options = { concepts: 384, k: 10, epochs: 60, beta2: 0.999 };

export async function runDemo({ out, seed = 0 }: DemoSpec, effects: DemoEffects): Promise<DemoResult> {
  const { backend, now, progress = silent, signal } = effects;
  const started = now();
  const world = await placeFor(out);
  const made = makeWorld(seed);
  progress({ stage: "draw", done: 0, total: made.scenes.length, unit: "pictures" });
  const inputs = await writeWorld(join(world, "world"), made);
  const set = join(world, "set");
  const stop = signal === undefined ? {} : { signal };
  await importEmbeddings({ ...inputs, out: set }, { progress, ...stop });
  const study = join(world, "study");
  const { name, run } = await trainStudy(
    { set, study, learner: "batch-topk", options: { ...options, seed }, name: "demo" },
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

/** An empty folder at `out`; only an earlier demo is ever removed for it. */
async function placeFor(out: string): Promise<string> {
  const folder = resolve(out);
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    const earlier =
      existsSync(join(folder, "world", "truth.json")) ||
      existsSync(join(folder, "study", studyLayout.manifest));
    if (!earlier)
      throw badInput(`${out} exists, is not empty and holds no earlier demo; name another place with --out`);
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
  return folder;
}
