/** `viaduct demo --planted`: embeddings with known concepts are drawn, imported and learned, and what was found is held to the truth. */
import { join } from "node:path";
import { silent } from "../../base/progress.ts";
import { importEmbeddings } from "../import.ts";
import { demoLayout } from "./layout-on-disk.ts";
import { demoFigures, learnDemo, type DemoEffects, type DemoFigures } from "./learn.ts";
import { placeForDemo } from "./place.ts";
import { scoreDemo, type DemoScore } from "./score.ts";
import { makeWorld } from "./world.ts";
import { writeWorld } from "./write-world.ts";

export interface DemoSpec {
  /** Absent, empty, or an earlier demo's folder with nothing else in it: that demo is replaced. */
  readonly out: string;
  readonly seed?: number;
}

export type PlantedDemoResult = DemoScore & DemoFigures;

/**
 * What the world needs: room to spare for its concepts, and as many active as scenes have traits.
 * A concept of this small world is touched by seven rows of a batch, and β₂ 0.999 finds three more
 * of 199 than the default, which serves wide dictionaries (docs/learners/defaults.md).
 */
const options = { concepts: 384, k: 10, epochs: 60, beta2: 0.999 };

export async function runPlantedDemo(
  { out, seed = 0 }: DemoSpec,
  effects: DemoEffects,
): Promise<PlantedDemoResult> {
  const { backend, now, progress = silent, signal } = effects;
  const started = now();
  const folder = await placeForDemo(out);
  const made = makeWorld(seed);
  progress({ stage: "draw", done: 0, total: made.scenes.length, unit: "pictures" });
  const inputs = await writeWorld(join(folder, demoLayout.world), made);
  const set = join(folder, demoLayout.set);
  await importEmbeddings({ ...inputs, out: set }, { progress, ...(signal === undefined ? {} : { signal }) });
  const study = join(folder, demoLayout.study);
  const learned = await learnDemo({ set, study, options: { ...options, seed } }, effects);
  const score = await scoreDemo(made.truth, learned.dictionary, learned.analysis, backend);
  return { ...score, ...demoFigures(study, made, learned, (now() - started) / 1000) };
}
