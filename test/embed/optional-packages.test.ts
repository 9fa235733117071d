/** Without the optional packages `embed` says the one command that adds them, before it does anything else. */
import { spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { workplace } from "../import/small-set.ts";
import { painted } from "./painted.ts";

const { at, put } = workplace();
const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const hooks = new URL("hide-packages.ts", import.meta.url).href;

it.each([
  ["onnxruntime-node,sharp", "onnxruntime-node and sharp are not installed, as they are optional"],
  ["sharp", "sharp is not installed, as it is optional"],
  ["onnxruntime-node", "onnxruntime-node is not installed, as it is optional"],
])("without %s", async (hidden, found) => {
  await put("photos/a.png", await painted([1, 2, 3]));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", hooks, main, "embed", "photos", "--model", "clip-b32", "--offline", "--out", "set"],
    { cwd: at("."), encoding: "utf8", env: { ...process.env, VIADUCT_TEST_HIDDEN: hidden } },
  );
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: "",
    stderr: `viaduct: embedding pictures needs onnxruntime-node and sharp; ${found}; run: npm install onnxruntime-node sharp\n`,
  });
  expect(await readdir(at("."))).toEqual(["photos"]);
});
