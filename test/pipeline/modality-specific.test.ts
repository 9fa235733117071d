/** A dictionary of the modality-specific design on disk: its two folders, its matches, its analysis. */
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { beforeAll, expect, it } from "vitest";
import { bytesInMemory } from "../../src/formats/byte-source.ts";
import { readParquet } from "../../src/formats/parquet.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { planted } from "../../src/learners/testing/planted.ts";
import { analyzeStudy } from "../../src/pipeline/analyze.ts";
import { openDictionary } from "../../src/pipeline/dictionary-folder.ts";
import { trainStudy, type TrainEffects, type TrainResult } from "../../src/pipeline/train.ts";
import { bytesBelow, importRows, scratch } from "./folders.ts";

const at = scratch();
const dimension = 16;
let trained: TrainResult;

const train = (study: string, effects: Partial<TrainEffects> = {}, resume = false): Promise<TrainResult> =>
  trainStudy(
    {
      set: at("set"),
      study: at(study),
      learner: "batch-topk",
      options: { design: "modality-specific", concepts: 30, k: 2, epochs: 5, batch: 32 },
      resume,
    },
    { backend: createReferenceBackend(), now: () => 0, ...effects },
  );

beforeAll(async () => {
  const { data } = planted({ seed: 2, images: 200, texts: 200, dimension, concepts: 12, active: 2 });
  const rows = { image: new Float32Array(200 * dimension), text: new Float32Array(200 * dimension) };
  await data.image.readRange(0, 200, rows.image);
  await data.text.readRange(0, 200, rows.text);
  await importRows(at("set"), { dimension, ...rows, pairedRows: true });
  trained = await train("study");
});

it("lies in one folder per modality, with the matches beside them", async () => {
  expect(trained.name).toBe("batch-topk-modality-specific-30-k2-seed0");
  expect([...(await bytesBelow(trained.path)).keys()].sort()).toEqual([
    "history.parquet",
    "image/cfg.json",
    "image/sae_weights.safetensors",
    "initial.safetensors",
    "manifest.json",
    "matches.parquet",
    "run.json",
    "split.safetensors",
    "text/cfg.json",
    "text/sae_weights.safetensors",
  ]);
  const bytes = await readFile(join(trained.path, "matches.parquet"));
  const { columns } = await readParquet(bytesInMemory("matches.parquet", new Uint8Array(bytes)));
  const column = (name: string): number[] => (columns.get(name) ?? []).map(Number);
  expect(column("imageConcept")).toEqual(Array.from({ length: 15 }, (_, i) => i));
  expect(column("textConcept").sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, i) => 15 + i));
  expect(Math.max(...column("cosine").map(Math.abs))).toBeLessThanOrEqual(1.0001);
  expect(Math.max(...column("correlation"))).toBeGreaterThan(0);
});

it("is read back and measured", async () => {
  const { dictionary, run } = await openDictionary(at("study"), trained.name);
  expect(Object.keys(run.preparation.scale)).toEqual(["image", "text"]);
  expect(dictionary.biases.image.encoderBias[20]).toBeLessThan(-9e29);
  const { dictionaries } = await analyzeStudy({ study: at("study") }, { backend: createReferenceBackend() });
  expect(dictionaries.map(({ name }) => name)).toEqual([trained.name]);
});

it.each(["image", "text"])("stopped among the %s steps and resumed, has the same bytes", async (part) => {
  const stop = new AbortController();
  const stopped = train(part, {
    signal: stop.signal,
    log: (row) => {
      if (row["step"] >= (part === "image" ? 10 : 40)) stop.abort();
    },
  });
  await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
  await train(part, {}, true);
  const whole = await bytesBelow(at("study", "dictionaries", trained.name));
  const resumed = await bytesBelow(at(part, "dictionaries", trained.name));
  for (const [file, bytes] of resumed) expect([file, bytes === whole.get(file)]).toEqual([file, true]);
});
