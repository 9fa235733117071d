import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { typescriptSnippet, pythonSnippet } from "./picked-snippets.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-snippet-"));
});
afterAll(() => rm(folder, { recursive: true }));

const hostile = '"]; import("evil") //\n\u2028 #\\ 🦉';

it("gives TypeScript that reads the picked atoms, whatever the names", async () => {
  const snippet = typescriptSnippet({
    study: hostile,
    dictionary: "one",
    concepts: [1, 3],
    names: new Map([[3, hostile]]),
  });
  const stand = `const openDictionary = async (study: string, name: string) => ({
    dictionary: { dimension: 2, atoms: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7), told: [study, name] },
  });`;
  const path = join(folder, "snippet.mts");
  const end = "console.log(JSON.stringify([study, names[3]]));";
  await writeFile(path, `${snippet.replace(/^import .*viaduct";$/m, stand)}\n${end}`);
  const { stdout } = await promisify(execFile)(process.execPath, [path], {
    env: { ...process.env, NO_COLOR: "1" },
  });
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe("1  Float32Array(2) [ 2, 3 ]");
  expect(JSON.parse(lines.at(-1))).toEqual([hostile, hostile]);
});

it("writes long sets over several short lines", () => {
  const concepts = Array.from({ length: 500 }, (_, j) => 7 * j);
  for (const snippet of [pythonSnippet, typescriptSnippet]) {
    const text = snippet({ study: "s", dictionary: "d", concepts, names: new Map() });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(115);
    const listed = text.slice(text.indexOf("concepts"), text.indexOf("names")).match(/\d+/g)!.map(Number);
    expect(listed).toEqual(concepts);
  }
});
