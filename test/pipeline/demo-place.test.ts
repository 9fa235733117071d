/** A demo replaces an earlier demo and removes nothing else. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { placeForDemo } from "../../src/pipeline/demo/place.ts";
import { bytesBelow, scratch } from "./folders.ts";

const at = scratch();
const marker = '{"schemaVersion": 1, "kind": "demo"}';
const ofDemo = {
  "world/truth.json": "{}",
  "world/pictures/scene-00000.svg": "<svg/>",
  "set/manifest.json": "{}",
  "study/study.json": "{}",
  "study/dictionaries/demo/manifest.json": "{}",
};

async function put(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(at(folder, name)), { recursive: true });
    await writeFile(at(folder, name), content);
  }
  return at(folder);
}

describe("a place for a demo", () => {
  it("is a folder that is absent or empty, and is marked first", async () => {
    await mkdir(at("empty"));
    for (const folder of ["empty", "absent", join("deep", "absent")]) {
      await placeForDemo(at(folder));
      expect(await readdir(at(folder))).toEqual(["demo.json"]);
    }
  });

  it("is an earlier demo's folder, whole or stopped on the way", async () => {
    for (const files of [
      ofDemo,
      { "world/pictures/scene-00000.svg": "" },
      { "world/truth.json": "{}", ".set.partial-0123abcd/images.npy": "", ".demo.json.0123abcd.tmp": "" },
      { "world/truth.json": "{}", ".set.unfinished/plan.json": "{}" },
      {},
    ]) {
      const folder = await put("earlier", { "demo.json": marker, ...files });
      await placeForDemo(folder);
      expect(await readdir(folder)).toEqual(["demo.json"]);
    }
  });

  it.each([
    ["a study of the user's", { "study/study.json": "{}", "thesis.tex": "years" }, /holds no earlier demo/],
    ["a project with world/truth.json", { "world/truth.json": "{}", "a.txt": "" }, /without demo\.json/],
    ["a demo of an earlier version", ofDemo, /without demo\.json, as earlier versions made it.*remove/],
    ["another program's demo.json", { "demo.json": '{"demo": 1}' }, /is not the mark of a demo/],
    ["a demo.json that is no JSON", { "demo.json": "{" }, /demo\.json is no JSON/],
    ["a file beside the demo", { "demo.json": marker, ...ofDemo, "notes.txt": "" }, /notes\.txt is not the/],
    [
      "a dictionary of the user's in the demo's study",
      { "demo.json": marker, ...ofDemo, "study/dictionaries/mine/manifest.json": "{}" },
      /study.dictionaries.mine is not the demo's, and a new demo would remove it; move it away/,
    ],
    ["a file in its set", { "demo.json": marker, ...ofDemo, "set/mine.csv": "" }, /mine\.csv is not the/],
    ["a file in its world", { "demo.json": marker, ...ofDemo, "world/mine": "" }, /mine is not the demo's/],
  ] as [string, Record<string, string>, RegExp][])("is not %s", async (name, files, message) => {
    const folder = await put(name, files);
    const before = await bytesBelow(folder);
    await expect(placeForDemo(folder)).rejects.toThrow(message);
    expect(await bytesBelow(folder)).toEqual(before);
  });
});
