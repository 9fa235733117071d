/** A study on disk, from training to analysis, and what a damaged one says. */
import { cp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ViaductError } from "../../src/base/errors.ts";
import { bytesInMemory } from "../../src/formats/byte-source.ts";
import { readParquet } from "../../src/formats/parquet.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { planted } from "../../src/learners/testing/planted.ts";
import { analyzeStudy } from "../../src/pipeline/analyze.ts";
import { compareDictionaries } from "../../src/pipeline/compare.ts";
import { openDictionary } from "../../src/pipeline/dictionary-folder.ts";
import { openStudy } from "../../src/pipeline/study.ts";
import { trainStudy, type TrainEffects, type TrainResult } from "../../src/pipeline/train.ts";
import { createCpuBackend } from "../../src/platform/node/cpu-backend.ts";
import { bytesBelow, importRows, scratch } from "./folders.ts";

const at = scratch();
const dimension = 16;
const settings = { concepts: 40, k: 3, epochs: 6, batch: 32, seed: 5, checkpointEvery: 4 };

async function train(
  study: string,
  effects: Partial<TrainEffects> & { resume?: boolean } = {},
): Promise<TrainResult> {
  const { resume = false, ...given } = effects;
  return trainStudy(
    { set: at("set"), study: at(study), learner: "batch-topk", options: settings, name: "one", resume },
    { backend: createReferenceBackend(), now: () => 0, ...given },
  );
}

beforeAll(async () => {
  const { data } = planted({
    seed: 2,
    images: 240,
    texts: 200,
    dimension,
    concepts: 24,
    active: 3,
    offset: 0.4,
  });
  const rowsOf = async (modality: "image" | "text"): Promise<Float32Array> => {
    const out = new Float32Array(data[modality].rows * dimension);
    await data[modality].readRange(0, data[modality].rows, out);
    return out;
  };
  const [image, text] = [await rowsOf("image"), await rowsOf("text")];
  await importRows(at("set"), {
    dimension,
    image: image.subarray(0, text.length),
    text,
    pairedRows: true,
  });
  await train("study");
});

describe("training into a study", () => {
  it("ends with the same bytes when it was stopped on the way and resumed", async () => {
    const stop = new AbortController();
    let logged = 0;
    const stopped = train("resumed", {
      signal: stop.signal,
      log: () => {
        if (++logged === 3) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    expect((await openStudy(at("resumed"))).dictionaries).toEqual([]);
    await train("resumed", { resume: true });
    const whole = await bytesBelow(at("study", "dictionaries"));
    expect(await bytesBelow(at("resumed", "dictionaries"))).toEqual(whole);
    expect([...whole.keys()].sort()).toEqual(
      [
        "cfg.json",
        "history.parquet",
        "initial.safetensors",
        "manifest.json",
        "run.json",
        "sae_weights.safetensors",
        "split.safetensors",
      ].map((name) => join("one", name)),
    );
  });
});

describe("stopping a run behind its last step", () => {
  it.each(["calibrate", "measure"])("goes on to the same bytes: at %s", async (stage) => {
    const study = `stopped-at-${stage}`;
    const stop = new AbortController();
    const stopped = train(study, {
      signal: stop.signal,
      progress: (moment) => {
        if (moment.stage === stage) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    expect((await openStudy(at(study))).dictionaries).toEqual([]);
    const steps: number[] = [];
    await train(study, {
      resume: true,
      progress: (moment) => {
        if (moment.stage === "train") steps.push(moment.done);
      },
    });
    expect(steps).toEqual([]);
    expect(await bytesBelow(at(study, "dictionaries"))).toEqual(
      await bytesBelow(at("study", "dictionaries")),
    );
  });

  it("is refused while the name is being trained, and goes on where the other ended", async () => {
    let second: unknown;
    const first = await train("locked", {
      log: () => {
        second ??= train("locked", { resume: true }).catch((reason: unknown) => reason);
      },
    });
    expect(await second).toMatchObject({
      code: "bad-input",
      message: expect.stringMatching(
        /^the dictionary "one" is being trained by process \d+; wait for it or choose another --name/,
      ),
    });
    expect((await openDictionary(at("locked"), "one")).run).toEqual(first.run);
    expect([...(await bytesBelow(first.path)).keys()]).not.toContain("lock");
    await expect(train("locked")).rejects.toThrow('has a finished dictionary "one"');
    expect((await openDictionary(at("locked"), "one")).run).toEqual(first.run);
  });
});

describe("analysing a study", () => {
  const analysis = (): string => at("study", "dictionaries", "one", "analysis");
  const analyse = async (threads: number): Promise<Map<string, string>> => {
    const backend = await createCpuBackend({ threads, product: "wasm" });
    try {
      await analyzeStudy({ study: at("study") }, { backend });
    } finally {
      await backend.close();
    }
    return bytesBelow(analysis());
  };

  it("gives the same bytes twice, on one thread and on two", async () => {
    const once = await analyse(1);
    expect([...once.keys()]).toEqual([
      "bridges-by-text.parquet",
      "bridges-strongest.parquet",
      "bridges.parquet",
      "bridges.safetensors",
      "codes.safetensors",
      "concepts.parquet",
      "examples.parquet",
      "histograms.parquet",
      "manifest.json",
      "metrics.json",
      "neighbours.parquet",
      "words.parquet",
    ]);
    expect(await analyse(1)).toEqual(once);
    expect(await analyse(2)).toEqual(once);
  });

  it("measures what the run recorded, and bridges that sum to the paired inner product", async () => {
    await analyse(1);
    const { run } = await openDictionary(at("study"), "one");
    const metrics = JSON.parse(await readFile(join(analysis(), "metrics.json"), "utf8")) as Record<
      string,
      number
    >;
    for (const key of ["r2", "r2ScalarMean", "activePerSample", "deadFraction", "cosine"] as const) {
      expect(metrics[key]).toBeCloseTo(Number(run.metrics.all[key]), 4);
    }
    expect(metrics["r2"]).toBeGreaterThan(0.5);
    expect(metrics["bridgeSum"]).toBeCloseTo(metrics["pairedInnerProduct"], 5);
    expect(Math.abs(metrics["bridgeSum"])).toBeGreaterThan(1e-3);
    const bytes = new Uint8Array(await readFile(join(analysis(), "histograms.parquet")));
    const { columns } = await readParquet(bytesInMemory("histograms", bytes));
    const counted = (columns.get("counts") as string[])
      .flatMap((row) => JSON.parse(row) as number[])
      .reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(Math.round(metrics["activePerSample"] * metrics["rows"]));
  });
});

describe("a damaged study", () => {
  /** The message of the one-line error that analysing a damaged copy ends with. */
  const refusal = async (damage: (file: (name: string) => string) => Promise<void>): Promise<string> => {
    const copy = at("damaged");
    await rm(copy, { recursive: true, force: true });
    await cp(at("study"), copy, { recursive: true });
    await damage((name) => join(copy, name));
    const error: unknown = await analyzeStudy({ study: copy }, { backend: createReferenceBackend() }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ViaductError);
    const { message } = error as ViaductError;
    expect(message).not.toContain("\n");
    return message.replaceAll(copy, "study");
  };
  const weights = "dictionaries/one/sae_weights.safetensors";

  it.each([
    ["truncated weights", (file) => truncate(file(weights), 1000), /weights.*has 1,000 bytes; its manifest/],
    ["missing weights", (file) => rm(file(weights)), /sae_weights.safetensors is missing; its manifest/],
    ["a missing run", (file) => rm(file("dictionaries/one/run.json")), /run.json is missing/],
    [
      "a manifest that is no JSON",
      (file) => writeFile(file("dictionaries/one/manifest.json"), '{"schemaVersion": 1,'),
      /manifest\.json/,
    ],
    [
      "a study of another schema",
      (file) => writeFile(file("study.json"), '{"schemaVersion": 99}'),
      /study.json is no study manifest of schema version 1: schemaVersion/,
    ],
    ["no study", (file) => rm(file("study.json")), /is no study \(it has no study.json\); make one with/],
    [
      "no finished dictionary",
      (file) => rm(file("dictionaries/one/manifest.json")),
      /has no finished dictionary; train one with/,
    ],
    [
      "a set that is gone",
      async (file) => {
        const study = JSON.parse(await readFile(file("study.json"), "utf8")) as { set: { path: string } };
        study.set.path = "elsewhere";
        await writeFile(file("study.json"), JSON.stringify(study));
      },
      /elsewhere, which is not there; put it back, or correct set.path/,
    ],
    [
      "another set",
      async (file) => {
        const study = JSON.parse(await readFile(file("study.json"), "utf8")) as { set: { dataHash: string } };
        study.set.dataHash = "0".repeat(64);
        await writeFile(file("study.json"), JSON.stringify(study));
      },
      /was made on other data than .*data hash 000000000000/,
    ],
  ] satisfies [string, (file: (name: string) => string) => Promise<void>, RegExp][])(
    "says so in one line: %s",
    async (_, damage, expected) => {
      expect(await refusal(damage)).toMatch(expected);
    },
  );

  it("refuses a set whose content changed under the same sizes, in training, resuming, analysing, comparing", async () => {
    const copy = at("changed");
    await cp(at("set"), at("changed-set"), { recursive: true });
    const spec = { set: at("changed-set"), study: copy, learner: "batch-topk", options: settings };
    const effects = { backend: createReferenceBackend(), now: () => 0 };
    await trainStudy({ ...spec, name: "one" }, effects);
    await trainStudy({ ...spec, name: "two", options: { ...settings, seed: 6 } }, effects);
    const stopping = { ...effects, signal: AbortSignal.abort() };
    await expect(trainStudy({ ...spec, name: "stopped" }, stopping)).rejects.toMatchObject({
      code: "cancelled",
    });
    const rows = await readFile(at("changed-set", "images.npy"));
    rows.writeUInt8(rows.readUInt8(rows.length - 1) ^ 1, rows.length - 1);
    await writeFile(at("changed-set", "images.npy"), rows);
    const refused = /images\.npy has another SHA-256 than its manifest says: it was changed/;
    await expect(trainStudy({ ...spec, name: "new" }, effects)).rejects.toThrow(refused);
    await expect(trainStudy({ ...spec, name: "stopped", resume: true }, effects)).rejects.toThrow(refused);
    await expect(analyzeStudy({ study: copy }, effects)).rejects.toThrow(refused);
    await expect(compareDictionaries([copy], effects)).rejects.toThrow(refused);
  });

  it("leaves an earlier analysis as it was when it cannot go on", async () => {
    await analyzeStudy({ study: at("study") }, { backend: createReferenceBackend() });
    const before = await bytesBelow(at("study", "dictionaries", "one", "analysis"));
    const stop = AbortSignal.abort();
    const stopped = analyzeStudy(
      { study: at("study"), seed: 9 },
      { backend: createReferenceBackend(), signal: stop },
    );
    await expect(stopped).rejects.toThrow();
    expect(await bytesBelow(at("study", "dictionaries", "one", "analysis"))).toEqual(before);
  });
});
