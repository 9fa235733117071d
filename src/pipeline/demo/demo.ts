/**
 * `viaduct demo`: pictures are drawn and captions written, both go through the small towers, a dictionary
 * is learned of the embeddings and measured, and its concepts are held to what the scenes are made of.
 */
import { join } from "node:path";
import { ViaductError } from "../../base/errors.ts";
import { silent } from "../../base/progress.ts";
import { writeCsv } from "../../formats/csv.ts";
import { requireEmbeddingPackages } from "../../platform/node/embedding-packages.ts";
import { writeFileAtomic, writeJson } from "../../platform/node/files/write-file.ts";
import { embedPictures } from "../embed/embed.ts";
import { openEmbeddingSet } from "../embedding-set.ts";
import { smallTowers } from "../encoders/encoder-spec.ts";
import { scoreFactors, type ScoredFactors } from "./factor-score.ts";
import { demoLayout, worldLayout } from "./layout-on-disk.ts";
import { demoFigures, learnDemo, type DemoEffects, type DemoFigures } from "./learn.ts";
import { placeForDemo } from "./place.ts";
import type { DemoSpec } from "./planted-demo.ts";
import { factors } from "./vocabulary.ts";
import { tellScenes, type ToldScenes } from "./world.ts";
import { pictureName, writePictures } from "./write-pictures.ts";

export type DemoResult = ScoredFactors & DemoFigures;

const usually = 4000;
/** Scenes have some ten traits; four times as many concepts as values, since towers spell a value in several ways. */
const options = { concepts: 512, k: 12, epochs: 40 };

export interface TowersDemoSpec extends DemoSpec {
  /** Default 4,000. */
  readonly pictures?: number;
}

export async function runDemo(
  { out, seed = 0, pictures = usually }: TowersDemoSpec,
  effects: DemoEffects,
): Promise<DemoResult> {
  const { now, progress = silent, signal } = effects;
  const started = now();
  await requirePackages();
  const folder = await placeForDemo(out);
  const told = tellScenes(seed, pictures);
  const table = await writeScenes(join(folder, demoLayout.world), told, seed, (done) =>
    progress({ stage: "draw", done, total: pictures, unit: "pictures" }),
  );
  const set = join(folder, demoLayout.set);
  await embedPictures(
    {
      pictures: [table],
      imageRoot: join(folder, demoLayout.world, worldLayout.pictures),
      model: smallTowers,
      out: set,
    },
    { progress, ...(signal === undefined ? {} : { signal }) },
  );
  await requireScenes(set, told);
  const study = join(folder, demoLayout.study);
  const learned = await learnDemo({ set, study, options: { ...options, seed } }, effects);
  const score = scoreFactors(told.scenes, told.captions, learned.analysis.codes, seed);
  return { ...score, ...demoFigures(study, told, learned, (now() - started) / 1000) };
}

/** Before anything is drawn, and with the way that needs none. */
async function requirePackages(): Promise<void> {
  try {
    await requireEmbeddingPackages();
  } catch (error) {
    if (!(error instanceof ViaductError)) throw error;
    throw new ViaductError(
      error.code,
      `${error.message}; or: viaduct demo --planted, which embeds no pictures`,
      {
        cause: error,
      },
    );
  }
}

/** Pictures, their captions as a table, and what each shows or says; returns the table's path. */
async function writeScenes(
  folder: string,
  { scenes, captions, image }: ToldScenes,
  seed: number,
  onDrawn: (done: number) => void,
): Promise<string> {
  await writePictures(join(folder, worldLayout.pictures), scenes, onDrawn);
  await writeJson(join(folder, worldLayout.truth), {
    seed,
    factors: Object.fromEntries(
      Object.entries(factors).map(([name, values]) => [name, values.map(({ id }) => id)]),
    ),
    scenes,
    captions: captions.map(({ said }, caption) => ({ scene: image[caption], ...said })),
  });
  const table = join(folder, worldLayout.textItems);
  const rows = captions.map(({ text }, caption) => [pictureName(image[caption]!), text]);
  await writeFileAtomic(table, writeCsv(["file", "caption"], rows));
  return table;
}

/** The score holds row i to scene i. */
async function requireScenes(path: string, { scenes, captions }: ToldScenes): Promise<void> {
  const set = await openEmbeddingSet(path);
  try {
    const files = await set.items.image.column("file");
    const texts = await set.items.text.column("caption");
    const inOrder =
      files.length === scenes.length &&
      texts.length === captions.length &&
      files.every((file, scene) => file === pictureName(scene)) &&
      texts.every((text, caption) => text === captions[caption]!.text);
    if (!inOrder) {
      throw new Error("the demo's set does not hold its scenes and captions in their order");
    }
  } finally {
    await set.close();
  }
}
