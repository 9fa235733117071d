/** Whatever is wrong is said in one line on standard error, and nothing is left behind. */
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scratchFolder, viaduct } from "./command.ts";
import { importArguments, quickTraining, writeSmallEmbeddings } from "./small-embeddings.ts";

const here = scratchFolder();
let before: readonly string[];

beforeAll(async () => {
  await writeSmallEmbeddings(here);
  await writeFile(join(here, "cut.npy"), (await readFile(join(here, "images.npy"))).subarray(0, 5000));
  await writeFile(join(here, "short.csv"), "row,file\n0,a.png\n1,b.png\n");
  await writeFile(join(here, "far.csv"), "image_row,text_row\n0,0\n0,400\n");
  const imported = await viaduct(here, [...importArguments, "--out", "set"]);
  expect(imported.status, imported.messages.join()).toBe(0);
  const trained = await viaduct(here, ["train", "set", ...quickTraining, "--out", "study", "--name", "one"]);
  expect(trained.status, trained.messages.join()).toBe(0);
  before = await readdir(here, { recursive: true });
});

type Case = readonly [args: string, message: string | RegExp];

/** Runs the cases side by side and compares exit status and the one line. */
function refuses(status: number, cases: readonly Case[]): void {
  it.concurrent.each(cases)("viaduct %s", async (args, message) => {
    const ran = await viaduct(
      here,
      args.split(" ").filter((word) => word !== ""),
    );
    expect(ran.messages).toEqual([expect.stringMatching(message)]);
    expect(ran).toMatchObject({ status, stdout: "" });
  });
}

const train = "train set --out new";

describe("wrong usage ends with 2", () => {
  refuses(2, [
    ["nonsense", /^viaduct: unknown command 'nonsense'; viaduct <verb> --help/],
    ["tran", /^viaduct: unknown command 'tran' \(Did you mean train\?\)/],
    ["help nope", /^viaduct: there is no verb "nope"; expected one of demo, embed, import, .*doctor$/],
    ["--nonsense", /^viaduct: unknown option '--nonsense'/],
    ["doctor --nonsense", /^viaduct: unknown option '--nonsense'/],
    ["doctor extra", /^viaduct: too many arguments for 'doctor'/],
    ["train --out new", /^viaduct: missing required argument 'set'/],
    ["train set", /^viaduct: required option '--out <study>' not specified/],
    [`${train} --lr`, /^viaduct: option '--lr <rate>' argument missing/],
    [`${train} --threads x`, /^viaduct: --threads is "x"; expected a whole number, at least 1$/],
    [`${train} --threads 0`, /^viaduct: --threads is "0"; expected a whole number, at least 1$/],
    [`${train} --threads 999`, /^viaduct: --threads is 999; expected a whole number from 1 to 256$/],
    [`${train} --product gpu`, /^viaduct: option '--product <which>' argument 'gpu' is invalid/],
    [`${train} --concepts 0`, /^viaduct: --concepts is "0"; expected a whole number, at least 1$/],
    [`${train} --concepts many`, /^viaduct: --concepts is "many"; expected a whole number, at least 1$/],
    [`${train} --k 0`, /^viaduct: --k is "0"; expected a number above 0$/],
    [`${train} --concepts 8 --k 9`, /^viaduct: --k is 9 of 8 concepts; expected no more/],
    [`${train} --learner topk --k 2.5`, /^viaduct: --k is 2.5; topk needs a whole number$/],
    [`${train} --epochs 1.5`, /^viaduct: --epochs is "1.5"; expected a whole number, at least 1$/],
    [`${train} --batch -1`, /^viaduct: --batch is "-1"; expected a whole number, at least 1$/],
    [`${train} --lr 0`, /^viaduct: --lr is "0"; expected a number above 0$/],
    [`${train} --learner magic`, /^viaduct: there is no learner "magic"; expected one of batch-topk/],
    [`${train} --center mid`, /^viaduct: --center is "mid"; expected global, per-modality or none$/],
    [`${train} --held-out 1`, /^viaduct: --held-out is "1"; expected a number from 0 to 0.9$/],
    [`${train} --scale maybe`, /^viaduct: --scale is "maybe"; expected true or false$/],
    [`${train} --mixture 3`, /^viaduct: --mixture is "3"; expected image:text weights such as 75:25$/],
    [`${train} --target-l0 9`, /^viaduct: batch-topk has no target L0/],
    [`${train} --name a/b`, /^viaduct: "a\/b" cannot name a dictionary/],
    // One more than the largest whole number that is told from its neighbours.
    [
      "analyze study --seed 9007199254740992",
      /^viaduct: --seed is "9007199254740992"; expected at most 9007199254740991$/,
    ],
    ["analyze study --seed 0.5", /^viaduct: --seed is "0.5"; expected a whole number, at least 0$/],
    ["compare study", /^viaduct: study is one dictionary; expected at least two/],
    ["explore study --port 99999", /^viaduct: --port is "99999"; expected 0 to 65535$/],
    ["explore study --port 0x50", /^viaduct: --port is "0x50"; expected 0 to 65535$/],
    [
      "export study --to npy --out new --queries",
      /^viaduct: --queries goes with --to site; an export --to npy/,
    ],
    ["export study --to saelens --out new --towers site", /^viaduct: --towers goes with --to site;/],
    ["export study --to report --model small", /^viaduct: --model goes with --to site;/],
    ["export study --to npy --out new --no-nearest", /^viaduct: --no-nearest goes with --to site;/],
    ["export study --to site --out new --towers site", /^viaduct: --towers is about .*; add --queries$/],
    ["import --out new", /^viaduct: No embeddings are named/],
  ]);
});

describe("what cannot be used ends with 1", () => {
  refuses(1, [
    ["import --images none.npy --out new", /^viaduct: none\.npy does not exist/],
    ["import --images cut.npy --out new", /^viaduct: cut\.npy \(400 x 24 float32\) is truncated/],
    [
      "import --images images.npy --texts wide.npy --out new",
      /^viaduct: wide\.npy has 32 dimensions and images\.npy 24/,
    ],
    [
      "import --images images.npy --texts texts.npy --pairs far.csv --out new",
      /^viaduct: far\.csv pair 2 names text row 400; expected 0 to 399/,
    ],
    [
      "import --images images.npy --image-items short.csv --out new",
      /^viaduct: short\.csv has 2 items and images\.npy 400 rows/,
    ],
    ["import --images images.npy --out set", /^viaduct: set exists and is not empty/],
    ["train none --out new", /^viaduct: none is no embedding set \(it has no manifest\.json\)/],
    ["train set --out set", /^viaduct: set exists, is not empty and is no study/],
    [`${train} --concepts 100000000`, /^viaduct: the engine's memory is full/],
    ["train set --out study --name one", /^viaduct: the study already has a finished dictionary "one"/],
    ["train set --out study --name one --resume", /^viaduct: the study already has a finished dictionary/],
    ["analyze none", /^viaduct: none is no study \(it has no study\.json\)/],
    ["analyze study --dictionary two", /^viaduct: the study .* has no dictionary "two"; it has one$/],
    ["compare none", /^viaduct: none is neither a study nor a finished dictionary/],
    ["explore none --no-open", /^viaduct: no study at none: expected study\.json in it/],
    ["train set --out pairs.csv", /^viaduct: pairs\.csv is a file or lies below one; expected a folder/],
    ["train set --out pairs.csv/new", /^viaduct: pairs\.csv\/new is a file or lies below one/],
    ["demo --no-explore --out set", /^viaduct: set exists, is not empty and holds no earlier demo/],
    ["demo --no-explore --out study", /^viaduct: study exists, is not empty and holds no earlier demo/],
    ["demo --no-explore --out .", /^viaduct: \. exists, is not empty and holds no earlier demo/],
    ["demo --no-explore --out pairs.csv", /^viaduct: pairs\.csv is a file or lies below one; expected/],
    ["demo --no-explore --out pairs.csv/new", /^viaduct: pairs\.csv\/new is a file or lies below one/],
    [
      "import --images images.npy --out pairs.csv/new",
      /^viaduct: pairs\.csv\/new is a file or lies below one/,
    ],
  ]);

  it("adds the stack with --debug", async () => {
    const { status, messages } = await viaduct(here, ["analyze", "none", "--debug"]);
    expect(status).toBe(1);
    expect(messages[0]).toMatch(/^viaduct: none is no study/);
    expect(messages.slice(1).some((line) => /^\s+at /.test(line))).toBe(true);
  });
});

describe("all of that", () => {
  it("left nothing behind", async () => {
    expect(await readdir(here, { recursive: true })).toEqual(before);
  });
});
