/** A grid of runs: finished cells are skipped, killed ones continued, failed ones named. */
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/base/random.ts";
import { sweepManifest, type SweepManifest } from "../../src/protocol/sweep.ts";
import { scratchFolder, viaduct, type Ran } from "./command.ts";
import { importArguments, writeSmallEmbeddings } from "./small-embeddings.ts";

const here = scratchFolder();
const quick = [
  "--learners",
  "batch-topk,jumprelu,pca",
  "--concepts",
  "16,48",
  "--k",
  "2,4",
  "--seeds",
  "0,1",
];
const quickly = ["--epochs", "2", "--batch", "64", "--threads", "2"];
const sweep = (study: string, ...more: string[]): string[] => [
  "sweep",
  "set",
  ...quickly,
  ...more,
  "--out",
  study,
];
const state = (study: string): SweepManifest =>
  sweepManifest.parse(JSON.parse(readFileSync(join(here, study, "sweep.json"), "utf8")));
const states = (study: string): Record<string, string> =>
  Object.fromEntries(state(study).cells.map((cell) => [cell.name, cell.state]));

beforeAll(async () => {
  await writeSmallEmbeddings(here);
  expect((await viaduct(here, [...importArguments, "--out", "set"])).status).toBe(0);
});

describe("a sweep", () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await viaduct(here, sweep("grid", ...quick));
  });

  it("trains every cell that its learner can do, and says which it cannot", () => {
    expect({ status: ran.status, messages: ran.messages }).toEqual({ status: 0, messages: [] });
    const cells = ["batch-topk", "jumprelu"].flatMap((learner) =>
      [16, 48].flatMap((c) =>
        [2, 4].flatMap((k) =>
          [0, 1].map((seed) => [
            `${learner}-${c}-k${k}${learner === "jumprelu" ? `-l0-${k}` : ""}-seed${seed}`,
            "done",
          ]),
        ),
      ),
    );
    expect(states("grid")).toEqual({
      ...Object.fromEntries(cells),
      "pca-2-seed0": "done",
      "pca-2-seed1": "done",
      "pca-4-seed0": "done",
      "pca-4-seed1": "done",
      "pca-16-seed0": "done",
      "pca-16-seed1": "done",
      "pca-48-seed0": "refused",
      "pca-48-seed1": "refused",
    });
    expect(ran.stdout).toMatch(/^22 of 24 cells done, 0 failed, 2 refused/);
    expect(ran.stdout).toMatch(/^ {2}pca-48-seed1: concepts is 48; pca finds at most 24 here$/m);
    expect(ran.stdout).toMatch(
      /^Note: pca has every concept active on every row: k means as many concepts; 16, 48 concepts run besides, without k$/m,
    );
    expect(ran.progress.at(-1)).toMatchObject({
      stage: "sweep",
      done: 22,
      total: 24,
      waiting: 0,
      running: 0,
    });
  });

  it("leaves the bytes that train leaves", async () => {
    const name = "batch-topk-48-k4-seed1";
    const options = ["--concepts", "48", "--k", "4", "--seed", "1", "--epochs", "2", "--batch", "64"];
    expect((await viaduct(here, ["train", "set", ...options, "--out", "alone"])).status).toBe(0);
    expect(await bytesOf("grid", name)).toEqual(await bytesOf("alone", name));
  });

  it("skips what is there, extends the grid, and steers learners without k", async () => {
    const again = await viaduct(here, sweep("grid", ...quick));
    expect(again.stdout).toMatch(/^22 of 24 cells done \(22 of them before\)/);
    const more = await viaduct(
      here,
      sweep("grid", "--learners", "relu", "--concepts", "16", "--k", "3", "--json"),
    );
    const result = JSON.parse(more.stdout) as { cells: { name: string; activePerSample: number }[] };
    expect(result.cells.map(({ name }) => name)).toEqual(["relu-16-k3-l0-3-seed0"]);
    const { grids, cells } = state("grid");
    expect([grids.length, cells.length]).toEqual([2, 25]);
    expect(existsSync(join(here, "grid", "sweep.lock"))).toBe(false);
  });

  it("gives every cell the rows that fulfil all conditions, as train does", async () => {
    const diet = ["--where", "file!=0.png,1.png", "--where", "caption!=scene 2"];
    const cell = ["--concepts", "16", "--k", "2"];
    expect(await viaduct(here, sweep("chosen", ...cell, ...diet))).toMatchObject({ status: 0, messages: [] });
    const args = ["train", "set", ...quickly, ...cell, ...diet, "--out", "chosen-alone", "--json"];
    const { name, diet: fed } = JSON.parse((await viaduct(here, args)).stdout) as {
      name: string;
      diet: { image: number; text: number };
    };
    // Texts have no file, images no caption.
    expect(fed).toMatchObject({ image: 398, text: 399 });
    expect(states("chosen")).toEqual({ [name]: "done" });
    expect(await bytesOf("chosen", name)).toEqual(await bytesOf("chosen-alone", name));
  });

  it("gives all mixtures as many rows, and analyses what it is told to", async () => {
    const mixed = ["--concepts", "16", "--k", "2", "--mixtures", "75:25,0:100", "--analyze"];
    const { status } = await viaduct(here, sweep("mixed", ...mixed));
    expect(status).toBe(0);
    expect(Object.keys(states("mixed"))).toEqual([
      "batch-topk-16-k2-mix75-25-n400-seed0",
      "batch-topk-16-k2-mix0-100-n400-seed0",
    ]);
    for (const name of Object.keys(states("mixed"))) {
      expect(existsSync(join(here, "mixed/dictionaries", name, "analysis/manifest.json"))).toBe(true);
    }
  });
});

/** All files of a finished dictionary but its record, which holds the time of day and the seconds it took. */
async function bytesOf(study: string, name: string): Promise<Record<string, string>> {
  const folder = join(here, study, "dictionaries", name);
  const files = (await readdir(folder)).filter((file) => !/^(run|manifest)\.json$/.test(file)).sort();
  const bytes = files.map(async (file) => [file, (await readFile(join(folder, file))).toString("hex")]);
  return Object.fromEntries(await Promise.all(bytes));
}

describe("a sweep that is killed at any instant", () => {
  const long = ["--concepts", "192", "--k", "4", "--seeds", "0,1,2", "--epochs", "150"];
  const args = (study: string): string[] => [
    "sweep",
    "set",
    ...long,
    "--batch",
    "64",
    "--checkpoint-every",
    "20",
    "--threads",
    "2",
    "--out",
    study,
  ];

  it("goes on with the same command to the same bytes, as often as it takes", async () => {
    expect((await viaduct(here, args("whole"))).status).toBe(0);
    const instants = Random.of(Date.now(), "instants");
    const saved = (): number => checkpoints("killed").reduce((sum, time) => sum + time, 0);
    let kills = 0;
    for (let sitting = 0; sitting < 4; sitting++) {
      const before = saved();
      let striking = Promise.resolve();
      const { status, messages } = await viaduct(here, args("killed"), (child) => {
        striking = strike(child, 200 * instants.uniform(), () => saved() !== before);
      });
      await striking;
      expect(messages).toEqual([]);
      if (status !== "SIGKILL") break;
      kills++;
    }
    expect(kills).toBeGreaterThan(0);
    // What a kill in the middle of writing leaves.
    await writeFile(join(here, "killed", ".sweep.json.0123abcd.tmp"), "half");
    expect(await viaduct(here, args("killed"))).toMatchObject({ status: 0, messages: [] });
    const names = readdirSync(join(here, "whole/dictionaries"));
    expect(names).toHaveLength(3);
    expect(readdirSync(join(here, "killed/dictionaries"))).toEqual(names);
    for (const name of names) {
      const [found, whole] = [await bytesOf("killed", name), await bytesOf("whole", name)];
      expect(Object.keys(found)).toEqual(Object.keys(whole));
      for (const file of Object.keys(whole))
        expect(found[file] === whole[file], `${name}/${file}`).toBe(true);
    }
    expect(readdirSync(join(here, "killed")).sort()).toEqual(["dictionaries", "study.json", "sweep.json"]);
    expect(new Set(Object.values(states("killed")))).toEqual(new Set(["done"]));
  });

  it("says with Ctrl-C how to go on", async () => {
    let striking = Promise.resolve();
    const stopped = await viaduct(here, args("stopped"), (child) => {
      striking = strike(child, 50, () => checkpoints("stopped").length > 0, "SIGINT");
    });
    await striking;
    expect(stopped).toMatchObject({ status: 130, stdout: "" });
    expect(stopped.messages.at(-1)).toMatch(
      /^viaduct: sweep stopped with 0 of 3 cells done; the same command goes on from there$/,
    );
    expect(new Set(Object.values(states("stopped")))).toEqual(new Set(["waiting"]));
    expect(existsSync(join(here, "stopped", "sweep.lock"))).toBe(false);
  });
});

/** When each checkpoint of the study was written. */
function checkpoints(study: string): number[] {
  const folder = join(here, study, "dictionaries");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const found = statSync(join(folder, name, "checkpoint.safetensors"), { throwIfNoEntry: false });
    return found === undefined ? [] : [found.mtimeMs];
  });
}

async function strike(
  child: ChildProcess,
  wait: number,
  begun: () => boolean,
  signal: NodeJS.Signals = "SIGKILL",
): Promise<void> {
  while (!begun() && child.exitCode === null) await sleep(2);
  await sleep(wait);
  child.kill(signal);
}

describe("a cell that fails", () => {
  it("stops no other, is named with its error, and is tried again", async () => {
    const broken = join(here, "failing/dictionaries/batch-topk-16-k2-seed0");
    await cp(join(here, "grid"), join(here, "failing"), { recursive: true });
    await rm(join(here, "failing/dictionaries"), { recursive: true });
    await mkdir(broken, { recursive: true });
    await writeFile(join(broken, "checkpoint.safetensors"), "no checkpoint");
    const grid = ["--concepts", "16", "--k", "2", "--seeds", "0,1"];
    const ran = await viaduct(here, sweep("failing", ...grid));
    expect(ran).toMatchObject({ status: 1, messages: [] });
    expect(ran.stdout).toMatch(/^1 of 2 cells done, 1 failed/);
    expect(ran.stdout).toMatch(/^ {2}batch-topk-16-k2-seed0: .*checkpoint\.safetensors/m);
    await rm(broken, { recursive: true });
    const again = await viaduct(here, sweep("failing", ...grid));
    expect(again).toMatchObject({ status: 0 });
    expect(again.stdout).toMatch(/^2 of 2 cells done \(1 of them before\), 0 failed/);
  });

  it("is one whose name another configuration has", async () => {
    const other = sweep("grid", "--concepts", "16", "--k", "2", "--lr", "0.01", "--json");
    const { status, stdout } = await viaduct(here, other);
    expect(status).toBe(1);
    const { cells } = JSON.parse(stdout) as { cells: { name: string; state: string; error: string }[] };
    expect(cells).toMatchObject([
      {
        name: "batch-topk-16-k2-seed0",
        state: "failed",
        error: expect.stringMatching(
          /has a dictionary of this name with lr 0\.002, this sweep asks for 0\.01/,
        ),
      },
    ]);
  });

  const children = (pid: number): number[] => {
    const file = `/proc/${pid}/task/${pid}/children`;
    return existsSync(file) ? readFileSync(file, "utf8").split(" ").filter(Boolean).map(Number) : [];
  };
  it.skipIf(!existsSync(`/proc/${process.pid}/task/${process.pid}/children`))(
    "is one whose process is killed",
    async () => {
      let killing = Promise.resolve();
      const long = ["--concepts", "192", "--k", "4", "--seeds", "0,1", "--epochs", "60", "--batch", "64"];
      const args = ["sweep", "set", ...long, "--at-once", "1", "--threads", "1", "--out", "orphaned"];
      const ran = await viaduct(here, args, (child) => {
        killing = (async () => {
          while (children(child.pid ?? 0).length === 0) await sleep(5);
          const [pid = 0] = children(child.pid ?? 0);
          while (!existsSync(join(here, "orphaned/dictionaries"))) await sleep(2);
          process.kill(pid, "SIGKILL");
        })();
      });
      await killing;
      expect(ran.status).toBe(1);
      expect(ran.stdout).toMatch(/^1 of 2 cells done, 1 failed/);
      expect(ran.stdout).toMatch(/^ {2}batch-topk-192-k4-seed0: its process ended with SIGKILL/m);
    },
  );
});

describe("what cannot be swept", () => {
  it.each([
    ["--learners magic", /^viaduct: there is no learner "magic"; expected one of batch-topk/],
    ["--concepts none", /^viaduct: --concepts is "none"; expected a whole number, at least 1$/],
    ["--concepts 8,,16", /^viaduct: --concepts is "8,,16"; expected values with commas between them$/],
    ["--mixtures half", /^viaduct: mixture is "half"; expected image:text weights such as 75:25$/],
    [
      "--learners pca --concepts 4 --lr 0.1",
      /^viaduct: --lr is an option of none of these learners; leave it out$/,
    ],
    ["--at-once 0", /^viaduct: --at-once is "0"; expected a whole number, at least 1$/],
  ])("is refused with 2: %s", async (words, message) => {
    const ran = await viaduct(here, ["sweep", "set", ...words.split(" "), "--out", "never"]);
    expect(ran.messages).toEqual([expect.stringMatching(message)]);
    expect(ran.status).toBe(2);
    expect(existsSync(join(here, "never"))).toBe(false);
  });

  it("is a study that another sweep is at work in", async () => {
    await cp(join(here, "mixed"), join(here, "locked"), { recursive: true });
    const stat = existsSync("/proc/self/stat") ? readFileSync(`/proc/${process.pid}/stat`, "utf8") : "";
    const begun = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    await writeFile(join(here, "locked/sweep.lock"), `${process.pid} ${begun}`);
    const ran = await viaduct(here, sweep("locked", "--concepts", "16"));
    expect(ran.status).toBe(1);
    expect(ran.messages).toEqual([
      expect.stringMatching(/^viaduct: another sweep \(process \d+\) is at work in/),
    ]);
  });
});
