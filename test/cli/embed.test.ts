/** `viaduct embed` as one runs it, through the small towers: what it prints, what it refuses, Ctrl-C and again. */
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { embeddingSetManifest } from "../../src/protocol/embedding-set.ts";
import { colourOf, painted } from "../embed/painted.ts";
import { scratchFolder, viaduct } from "./command.ts";

const here = scratchFolder();
const pictures = 30;

beforeAll(async () => {
  await mkdir(join(here, "photos"));
  for (let i = 0; i < pictures; i++) {
    const name = join(here, "photos", String(i).padStart(2, "0"));
    await writeFile(`${name}.png`, i === 7 ? "damaged" : await painted(colourOf(i)));
    await writeFile(`${name}.txt`, `a red circle above ${i} stars\n`);
  }
  await writeFile(join(here, "words.txt"), "red\ncircle\n");
});

const embed = ["embed", "photos", "--model", "small"];

it("says what it found, what runs it, what it left out and what comes next", async () => {
  const { status, stdout, messages, progress } = await viaduct(here, [...embed, "--out", "set"]);
  expect({ status, messages }).toEqual({ status: 0, messages: [] });
  const lines = stdout.split("\n");
  expect(lines[0]).toBe("30 pictures of the folder photos, 30 captions (name.txt beside each picture).");
  expect(lines[1]).toMatch(/^viaduct\/.+: cpu \(.+\), .+; onnxruntime-node .+, batches of 16\.$/);
  expect(stdout).toContain("pictures  29 embedded, of the folder photos");
  expect(stdout).toContain(
    "1 cannot be used and is left out; dropped.csv lists it:\n              07.png: it is no picture",
  );
  expect(stdout).toContain("captions  29 embedded, from name.txt beside each picture");
  expect(stdout).toMatch(/set {7}29 image rows, 29 text rows, 29 pairs, \d+ dimensions, rows of unit length/);
  expect(stdout).toMatch(/Written to .*set\nNext: viaduct train set --out <study>\n$/);
  for (const stage of ["pictures", "captions"]) {
    expect(progress.filter((report) => report["stage"] === stage).at(-1)).toMatchObject({ unit: stage });
  }
});

it("prints the report as JSON and nothing else, and of texts alone makes a set", async () => {
  const args = ["embed", "--texts", "words.txt", "--model", "small", "--out", "words", "--json"];
  const { status, stdout, messages } = await viaduct(here, args);
  expect({ status, messages }).toEqual({ status: 0, messages: [] });
  z.object({
    path: z.string().endsWith("words"),
    dataHash: z.string().length(64),
    dimension: z.int(),
    encoder: z.object({ spec: z.literal("small"), source: z.literal("package"), device: z.literal("cpu") }),
    text: z.object({ rows: z.literal(2) }),
    embedded: z.object({ captions: z.object({ alone: z.literal(2) }) }),
  }).parse(JSON.parse(stdout));
});

it("keeps the towers' scale when it is told to", async () => {
  const { status } = await viaduct(here, [
    ...embed,
    "--out",
    "raw",
    "--no-normalize",
    "--no-thumbnails",
    "--limit",
    "3",
  ]);
  expect(status).toBe(0);
  const manifest = embeddingSetManifest.parse(
    JSON.parse(await readFile(join(here, "raw/manifest.json"), "utf8")),
  );
  expect(manifest.encoder?.normalization).toBe("none");
  expect(Math.abs((manifest.report.image.norms?.mean ?? 1) - 1)).toBeGreaterThan(0.01);
});

it("goes on after Ctrl-C when it is given again, to the same bytes", async () => {
  const args = [...embed, "--batch", "2", "--shard", "2"];
  expect((await viaduct(here, [...args, "--out", "whole"])).status).toBe(0);
  const unfinished = join(here, ".stopped.unfinished");
  const stopped = await viaduct(here, [...args, "--out", "stopped"], (child) => {
    const look = setInterval(() => {
      if (!existsSync(join(unfinished, "pictures-000001.json"))) return;
      clearInterval(look);
      child.kill("SIGINT");
    }, 1);
    child.once("exit", () => clearInterval(look));
  });
  expect(stopped.status).toBe(130);
  expect(stopped.messages.at(-1)).toMatch(
    /^viaduct: embedding stopped after \d+ of 30 (pictures|captions); the same command goes on from there$/,
  );
  const changed = await viaduct(here, [
    "embed",
    "photos",
    "--model",
    "small",
    "--batch",
    "4",
    "--shard",
    "2",
    "--out",
    "stopped",
  ]);
  expect(changed).toMatchObject({
    status: 1,
    messages: [
      "viaduct: stopped was begun with --batch 2; this run has --batch 4: use the same, or begin anew with --restart",
    ],
  });
  const again = await viaduct(here, [...args, "--out", "stopped"]);
  expect(again.status).toBe(0);
  expect(again.stdout).toContain("Going on from an earlier run: ");
  for (const file of await readdir(join(here, "whole"))) {
    const [one, other] = [
      await readFile(join(here, "whole", file)),
      await readFile(join(here, "stopped", file)),
    ];
    expect(one.equals(other), file).toBe(true);
  }
  expect(existsSync(unfinished)).toBe(false);
});

describe("refusals are one line", () => {
  it.concurrent.each([
    [2, "photos --out new", /required option '--model <name>' not specified/],
    [2, "--model small --out new", /Nothing to embed is named/],
    [2, "photos --model small --out new --batch 0", /--batch is "0"; expected a whole number, at least 1/],
    [2, "photos --model small --out new --caption-format sonnet", /argument 'sonnet' is invalid/],
    [2, "photos words.txt --model small --out new", /2 inputs are named/],
    [1, "nowhere --model small --out new", /nowhere does not exist/],
    [2, "photos --model nothing --out new", /nothing/],
    [1, "photos --model small --out photos", /photos exists and is not empty/],
    [1, "words.txt --model small --out new", /words.txt begins with "red"; expected captions as Flickr8k/],
  ] as const)("with %i: %s", async (status, args, message) => {
    const ran = await viaduct(here, ["embed", ...args.split(" ")]);
    expect(ran.messages).toEqual([expect.stringMatching(message)]);
    expect(ran.status).toBe(status);
    expect(existsSync(join(here, "new")) || existsSync(join(here, ".new.unfinished"))).toBe(false);
  });
});
