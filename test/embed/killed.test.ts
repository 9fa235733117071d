/** An embedding that is killed at any instant goes on with the same command, to the bytes of one that was not. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, readdir, rename } from "node:fs/promises";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { Random } from "../../src/base/random.ts";
import { embedPictures } from "../../src/pipeline/embed/embed.ts";
import { workplace } from "../import/small-set.ts";
import { fakeEncoder } from "./fake-encoder.ts";
import { colourOf, painted } from "./painted.ts";

const { at, put } = workplace();
const script = fileURLToPath(new URL("embed-process.ts", import.meta.url));
const pictures = 40;

async function photos(): Promise<void> {
  for (let i = 0; i < pictures; i++) {
    const name = `photos/${String(i).padStart(2, "0")}`;
    await put(`${name}.png`, i % 13 === 5 ? "damaged" : await painted(colourOf(i)));
    await put(`${name}.txt`, `caption ${i}\nand ${i % 7}`);
  }
}

/** Runs until it ends, or for so many milliseconds; how it ended. */
async function run(milliseconds?: number): Promise<number | string> {
  const child = spawn(process.execPath, [script, at("photos"), at("set")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const closed = once(child, "close") as Promise<[number | null, string | null]>;
  if (milliseconds !== undefined) {
    await Promise.race([closed, sleep(milliseconds)]);
    child.kill("SIGKILL");
  }
  const [code, signal] = await closed;
  if (code !== 0 && code !== null) throw new Error(stderr);
  return code ?? signal ?? "";
}

async function expectSame(): Promise<void> {
  const files = await readdir(at("whole"));
  expect(await readdir(at("set"))).toEqual(files);
  for (const file of files) {
    expect((await readFile(at(`set/${file}`))).equals(await readFile(at(`whole/${file}`))), file).toBe(true);
  }
}

it("goes on as often as it takes", async () => {
  await photos();
  await embedPictures(
    { pictures: [at("photos")], model: "fake", out: at("whole"), batch: 2, shard: 2 },
    { load: () => fakeEncoder() },
  );
  const random = Random.of(Date.now(), "instants");
  let kills = 0;
  let ended: number | string = "";
  for (let sitting = 0; sitting < 6 && ended !== 0; sitting++) {
    // The first second is that of starting up.
    ended = await run(600 + 1000 * random.uniform());
    if (ended === "SIGKILL") kills++;
    if (existsSync(at(".set.unfinished"))) {
      // What a kill in the middle of writing leaves.
      await put(".set.unfinished/.pictures-000000.npy.0123abcd.tmp", "half");
      const last = ".set.unfinished/pictures-000019.npy";
      if (!existsSync(at(last))) await put(last, "half");
    }
  }
  expect(kills).toBeGreaterThan(0);
  if (ended !== 0) expect(await run()).toBe(0);
  await expectSame();
  expect((await readdir(at("."))).sort()).toEqual(["photos", "set", "whole"]);
}, 60_000);

it("has nothing left to do where only its leavings were not removed", async () => {
  await photos();
  const options = { pictures: [at("photos")], model: "fake", out: at("set"), batch: 2, shard: 20 };
  let towers = 0;
  const load = (): ReturnType<typeof fakeEncoder> => {
    towers++;
    return fakeEncoder();
  };
  // Put together, but not in its place: the place was taken while it was at it.
  const progress = ({ stage }: { stage: string }): void => {
    if (stage === "write") void put("set/taken.txt", "x");
  };
  await expect(embedPictures(options, { load, progress })).rejects.toThrow(/is not empty/);
  await rename(at("set"), at("away"));
  expect(existsSync(at(".set.unfinished/published.json"))).toBe(true);
  const made = await embedPictures(options, { load });
  expect(towers).toBe(2);
  // As a kill between the last two steps leaves it.
  await put(
    ".set.unfinished/published.json",
    JSON.stringify({ manifest: await sha256(at("set/manifest.json")) }),
  );
  const again = await embedPictures(options, { load });
  expect(again).toEqual(made);
  expect(towers).toBe(2);
  expect(existsSync(at(".set.unfinished"))).toBe(false);
});

async function sha256(path: string): Promise<string> {
  const { sha256OfFile } = await import("../../src/platform/node/files/file-list.ts");
  return sha256OfFile(path);
}
