/** The commands with which a report says how to repeat its runs are ones that a shell and `train` take. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { trainCommand, trainFlags } from "../../src/pipeline/paper/train-command.ts";
import type { RunRecord } from "../../src/protocol/study.ts";
import { scratchFolder, viaduct } from "./command.ts";
import { importArguments, writeSmallEmbeddings } from "./small-embeddings.ts";

const here = scratchFolder();
const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

it("names as flags exactly those options that take no value", async () => {
  const { stdout } = await viaduct(here, ["train", "--help"]);
  const bare = Array.from(stdout.matchAll(/^ {2}--([a-z0-9-]+)(?: {2,}|$)/gm), ([, name = ""]) =>
    name.replace(/-[a-z]/g, ([, letter = ""]) => letter.toUpperCase()),
  );
  expect(bare.filter((name) => !["resume", "json", "debug"].includes(name)).sort()).toEqual(
    [...trainFlags].sort(),
  );
});

it("trains the same dictionary again, with a condition that needs quotes", async () => {
  await writeSmallEmbeddings(here);
  await viaduct(here, [...importArguments, "--out", "set"]);
  const options = ["--concepts", "16", "--k", "2", "--epochs", "1", "--batch", "16", "--balanced"];
  const condition = ["--where", "caption!=scene 1,scene 2"];
  const first = await viaduct(here, ["train", "set", "--out", "study", ...options, ...condition]);
  expect(first.messages).toEqual([]);
  const [, name = ""] = /^(\S+):/.exec(first.stdout) ?? [];
  const folder = (of: string): string => join(here, "study", "dictionaries", of);
  const run = JSON.parse(await readFile(join(folder(name), "run.json"), "utf8")) as RunRecord;
  const command = trainCommand({ ...run, name: "again" })
    .replace("viaduct ", `"${process.execPath}" "${main}" `)
    .replace("<set>", "set")
    .replace("<study>", "study");
  await promisify(execFile)("sh", ["-c", command], { cwd: here });
  const weights = (of: string): Promise<Buffer> => readFile(join(folder(of), "sae_weights.safetensors"));
  expect((await weights("again")).equals(await weights(run.name))).toBe(true);
});
