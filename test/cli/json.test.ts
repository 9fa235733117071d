/** `--json`: standard output is one JSON object and nothing else, with the keys that programs rely on. */
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { scratchFolder, viaduct, type Ran } from "./command.ts";
import { dimension, importArguments, quickTraining, rows, writeSmallEmbeddings } from "./small-embeddings.ts";

const here = scratchFolder();
const ran: Record<"import" | "train" | "analyze" | "compare", Ran> = Object.create(null);

beforeAll(async () => {
  await writeSmallEmbeddings(here);
  ran.import = await viaduct(here, [...importArguments, "--json", "--out", "set"]);
  const train = ["train", "set", "--json", ...quickTraining, "--out", "study"];
  ran.train = await viaduct(here, train);
  await viaduct(here, [...train, "--seed", "1"]);
  ran.analyze = await viaduct(here, ["analyze", "study", "--json"]);
  ran.compare = await viaduct(here, ["compare", "study", "--json"]);
});

/** The one object on standard output; everything else has to be progress on standard error. */
function only({ status, stdout, messages, progress }: Ran): unknown {
  expect({ status, messages }).toEqual({ status: 0, messages: [] });
  for (const line of progress) {
    expect(line).toMatchObject({
      stage: expect.any(String),
      done: expect.any(Number),
      unit: expect.any(String),
    });
  }
  return JSON.parse(stdout);
}

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const measured = z.object({
  r2: z.number(),
  r2ScalarMean: z.number(),
  activePerSample: z.number().positive(),
  deadFraction: share,
});

it("import prints the report", () => {
  const side = z.object({ rows: z.literal(rows), dropped: z.literal(0), dtype: z.literal("float32") });
  z.object({
    path: z.string().endsWith("set"),
    dataHash: z.string().length(64),
    dimension: z.literal(dimension),
    image: side,
    text: side,
    pairs: z.object({ count: z.literal(rows) }),
    pictures: z.object({ checked: z.literal(false) }),
  }).parse(only(ran.import));
});

it("train prints the run's record", () => {
  z.object({
    path: z.string(),
    name: z.literal("batch-topk-32-k4-seed0"),
    learner: z.literal("batch-topk"),
    options: z.object({ concepts: z.literal("32") }),
    config: z.object({
      concepts: z.literal(32),
      k: z.literal(4),
      epochs: z.literal(4),
      batch: z.literal(64),
    }),
    engine: z.object({ product: z.string(), threads: count }),
    steps: z.literal(45),
    seconds: z.number().positive(),
    metrics: z.object({ all: measured, image: measured, text: measured, train: measured, heldOut: measured }),
  }).parse(only(ran.train));
  expect(ran.train.progress.filter(({ stage }) => stage === "train").at(-1)).toMatchObject({
    done: 45,
    total: 45,
    values: { r2: expect.any(Number), activePerSample: expect.any(Number), deadFraction: expect.any(Number) },
  });
});

it("analyze prints the metrics of every dictionary", () => {
  const dictionary = measured.extend({
    name: z.string(),
    learner: z.literal("batch-topk"),
    concepts: z.literal(32),
    image: measured,
    text: measured,
    bridgeSum: z.number(),
    pairedInnerProduct: z.number(),
  });
  const { dictionaries } = z.object({ dictionaries: z.array(dictionary) }).parse(only(ran.analyze));
  expect(dictionaries.map(({ name }) => name)).toEqual(["batch-topk-32-k4-seed0", "batch-topk-32-k4-seed1"]);
  for (const { bridgeSum, pairedInnerProduct } of dictionaries) {
    expect(bridgeSum).toBeCloseTo(pairedInnerProduct, 4);
  }
});

it("compare prints stability beside its baselines", () => {
  const cosine = z.number().min(-1).max(1);
  const figures = z.object({
    stability: cosine,
    stabilityAtInit: cosine,
    stabilityRandom: cosine,
    energyWeightedStability: cosine,
  });
  const { pairs, ...top } = figures.extend({ pairs: z.tuple([figures]) }).parse(only(ran.compare));
  expect(pairs).toEqual([top]);
});

it("doctor prints the machine", async () => {
  const machine = z
    .object({
      viaduct: z.string(),
      node: z.literal(process.versions.node),
      cores: count,
      engine: z.object({
        threads: count,
        simd: z.enum(["relaxed-simd", "simd"]),
        product: z.string(),
        blas: z.object({ name: z.string(), path: z.string() }).optional(),
        advice: z.string().optional(),
      }),
    })
    .parse(only(await viaduct(here, ["doctor", "--json"])));
  // Either the faster product is in use, or there is a word on how to get it.
  expect(machine.engine.advice === undefined).toBe(machine.engine.blas !== undefined);
});
