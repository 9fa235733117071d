/** A run that is killed or stopped goes on with --resume and ends with the bytes of one that was not. */
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/base/random.ts";
import { writeNpy } from "../../src/formats/npy.ts";
import { scratchFolder, viaduct, type Ran } from "./command.ts";
import { importArguments, writeSmallEmbeddings } from "./small-embeddings.ts";

const here = scratchFolder();
/** Thousands of steps, some seconds: long enough to be killed in the middle. */
const long = ["--concepts", "192", "--k", "4", "--epochs", "600", "--batch", "64", "--name", "one"];
const train = (study: string, ...more: string[]): string[] => [
  "train",
  "set",
  ...long,
  "--out",
  study,
  ...more,
];
const at = (study: string, file: string): string => join(here, study, "dictionaries", "one", file);

beforeAll(async () => {
  await writeSmallEmbeddings(here);
  expect((await viaduct(here, [...importArguments, "--out", "set"])).status).toBe(0);
  expect((await viaduct(here, train("whole"))).status).toBe(0);
});

/** Starts the run and signals it `wait` milliseconds after it has `begun`. */
async function interrupted(
  args: readonly string[],
  signal: NodeJS.Signals,
  wait: number,
  begun: () => boolean,
): Promise<Ran> {
  const strike = async (child: ChildProcess): Promise<void> => {
    while (!begun() && child.exitCode === null) await sleep(2);
    await sleep(wait);
    child.kill(signal);
  };
  let striking = Promise.resolve();
  const ran = await viaduct(here, args, (child) => (striking = strike(child)));
  await striking;
  return ran;
}

/** All files of a finished dictionary but its record, which holds the time of day and the seconds it took. */
async function bytesOf(study: string): Promise<Map<string, string>> {
  const files = (await readdir(at(study, "."))).filter((name) => !/^(run|manifest)\.json$/.test(name)).sort();
  return new Map(
    await Promise.all(
      files.map(async (name) => [name, (await readFile(at(study, name))).toString("hex")] as const),
    ),
  );
}

interface Run {
  readonly startedAt: string;
  readonly seconds: number;
  readonly engine: { readonly threads: number };
  readonly config: { readonly checkpointEvery: number };
}

/** The record without what may differ: when, how long, on how many threads, saved how often. */
async function recordOf(study: string): Promise<object> {
  const run = JSON.parse(await readFile(at(study, "run.json"), "utf8")) as Run & Record<string, unknown>;
  const { startedAt: _, seconds: __, options: ___, ...rest } = run;
  return { ...rest, engine: { ...run.engine, threads: 0 }, config: { ...run.config, checkpointEvery: 0 } };
}

async function expectSameAsWhole(study: string): Promise<void> {
  const [found, whole] = [await bytesOf(study), await bytesOf("whole")];
  expect([...found.keys()]).toEqual([...whole.keys()]);
  expect([...whole.keys()]).toEqual(
    expect.arrayContaining(["cfg.json", "sae_weights.safetensors", "history.parquet"]),
  );
  for (const [name, bytes] of whole) expect(found.get(name) === bytes, `${name} of ${study}`).toBe(true);
  expect(await recordOf(study)).toEqual(await recordOf("whole"));
}

describe("a run that is killed at any instant", () => {
  it("goes on with --resume to the same bytes, as often as it takes", async () => {
    const instants = Random.of(Date.now(), "instants");
    const args = train("killed", "--checkpoint-every", "20");
    let kills = 0;
    const saved = at("killed", "checkpoint.safetensors");
    for (let sitting = 0; sitting < 4; sitting++) {
      const before = statSync(saved, { throwIfNoEntry: false })?.mtimeMs;
      const isNew = (): boolean => statSync(saved, { throwIfNoEntry: false })?.mtimeMs !== before;
      const more = sitting === 0 ? [] : ["--resume"];
      const ran = await interrupted([...args, ...more], "SIGKILL", 150 * instants.uniform(), isNew);
      if (ran.status !== "SIGKILL") break;
      kills++;
    }
    expect(kills).toBeGreaterThan(0);
    expect(existsSync(saved)).toBe(true);
    // What a kill in the middle of writing leaves.
    await writeFile(at("killed", ".checkpoint.safetensors.0123abcd.tmp"), "half");
    await writeFile(at("killed", "cfg.json"), "half");
    const { status, messages } = await viaduct(here, [...args, "--resume", "--threads", "1"]);
    expect({ status, messages }).toEqual({ status: 0, messages: [] });
    await expectSameAsWhole("killed");
  });

  it("begins anew with --resume where it never came to a checkpoint", async () => {
    const folder = at("early", ".");
    const ran = await interrupted(train("early"), "SIGKILL", 0, () => existsSync(folder));
    expect(ran.status).toBe("SIGKILL");
    expect(existsSync(at("early", "checkpoint.safetensors"))).toBe(false);
    expect((await viaduct(here, train("early", "--resume"))).status).toBe(0);
    await expectSameAsWhole("early");
  });
});

describe("a run that is stopped with Ctrl-C", () => {
  it("says how to go on, refuses other ways, and goes on to the same bytes", async () => {
    const folder = at("stopped", ".");
    const stopped = await interrupted(train("stopped"), "SIGINT", 200, () => existsSync(folder));
    expect(stopped).toMatchObject({
      status: 130,
      stdout: "",
      messages: [
        "viaduct: stopping after this step (Ctrl-C again stops at once)",
        expect.stringMatching(
          /^viaduct: training stopped at step \d+ of 6750; the same command with --resume goes on from there$/,
        ),
      ],
    });
    expect((await readdir(folder)).toSorted()).toEqual(["checkpoint.safetensors", "log.jsonl"]);

    const refusal = async (args: readonly string[]): Promise<readonly string[]> => {
      const { status, messages } = await viaduct(here, args);
      expect(status).toBe(1);
      return messages;
    };
    expect(await refusal(train("stopped"))).toEqual([
      expect.stringMatching(/holds an unfinished run; continue it with --resume, or choose another --name$/),
    ]);
    expect(await refusal(train("stopped", "--resume", "--k", "5"))).toEqual([
      expect.stringMatching(/was begun with k 4, this run has 5; resume with the options it began with$/),
    ]);
    expect(await refusal(train("stopped", "--resume", "--learner", "topk"))).toEqual([
      expect.stringMatching(/was begun with --learner batch-topk, not topk; resume with the same$/),
    ]);
    expect((await readdir(folder)).toSorted()).toEqual(["checkpoint.safetensors", "log.jsonl"]);

    expect((await viaduct(here, train("stopped", "--resume", "--checkpoint-every", "4000"))).status).toBe(0);
    await expectSameAsWhole("stopped");
  });
});

describe("an import that is stopped with Ctrl-C", () => {
  it("leaves nothing", async () => {
    const rows = 300_000;
    await writeFile(join(here, "many.npy"), writeNpy(new Float32Array(rows * 64).fill(1), [rows, 64]));
    const before = await readdir(here);
    const staged = (): boolean => readdirSync(here).some((name) => name.includes(".partial-"));
    const args = ["import", "--images", "many.npy", "--out", "half"];
    const { status, messages } = await interrupted(args, "SIGINT", 50, staged);
    expect({ status, messages }).toEqual({
      status: 130,
      messages: [
        "viaduct: stopping after this step (Ctrl-C again stops at once)",
        "viaduct: Import stopped; nothing was written.",
      ],
    });
    expect(await readdir(here)).toEqual(before);
  });
});
