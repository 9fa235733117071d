/**
 * What is published works elsewhere: pack, install the tarball into an empty folder, run verbs
 * with npx there. Needs `dist/` (npm run build) and the package registry for the dependencies.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));
let scratch: string;
let home: string;

function run(
  cwd: string,
  command: string,
  ...args: string[]
): { status: number | null; stdout: string; stderr: string } {
  // npm's own variables would point the inner npm at this checkout.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/i.test(name)),
  );
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  return { status, stdout, stderr };
}

beforeAll(() => {
  if (!existsSync(join(root, "dist/cli/main.js"))) throw new Error("dist/ is missing; run: npm run build");
  scratch = mkdtempSync(join(tmpdir(), "viaduct-pack-"));
  home = join(scratch, "elsewhere");
  mkdirSync(home);
  const packed = run(root, "npm", "pack", "--json", "--ignore-scripts", "--pack-destination", scratch);
  expect(packed.status, packed.stderr).toBe(0);
  const [{ filename }] = z
    .tuple([z.object({ filename: z.string() })])
    .parse(Object.values(JSON.parse(packed.stdout)).flat());
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "elsewhere", private: true }));
  const installed = run(home, "npm", "install", "--omit=dev", join(scratch, filename));
  expect(installed.status, installed.stderr).toBe(0);
}, 180_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the packed tarball, installed elsewhere", () => {
  it("runs doctor", () => {
    const doctor = run(home, "npx", "--no-install", "viaduct", "doctor", "--json");
    expect(doctor.status, doctor.stderr).toBe(0);
    expect(() => void JSON.parse(doctor.stdout)).not.toThrow();
  });

  it("trains on the planted world and scores it", () => {
    const out = join(home, "world");
    const demo = run(
      home,
      "npx",
      "--no-install",
      "viaduct",
      "demo",
      "--planted",
      "--no-explore",
      "--json",
      "--out",
      out,
    );
    expect(demo.status, demo.stderr).toBe(0);
    const score = z
      .object({ plantedConcepts: z.number(), recoveredConcepts: z.number() })
      .parse(JSON.parse(demo.stdout));
    expect(score.recoveredConcepts).toBeGreaterThanOrEqual(0.95 * score.plantedConcepts);
  }, 180_000);

  it("says before drawing anything what a demo with pictures needs, and which needs nothing", () => {
    const demo = run(home, "npx", "--no-install", "viaduct", "demo", "--no-explore", "--out", "pictures");
    expect(demo).toMatchObject({ status: 1, stdout: "" });
    expect(demo.stderr).toMatch(
      /^viaduct: embedding pictures needs .*; run: npm install onnxruntime-node sharp; or: viaduct demo --planted, which embeds no pictures\n$/,
    );
    expect(existsSync(join(home, "pictures"))).toBe(false);
  });

  it("says which optional packages embedding needs", () => {
    const embed = run(
      home,
      "npx",
      "--no-install",
      "viaduct",
      "embed",
      ".",
      "--model",
      "small",
      "--out",
      "set",
    );
    expect(embed).toMatchObject({ status: 1, stdout: "" });
    expect(embed.stderr).toMatch(/run: npm install onnxruntime-node sharp\n$/);
  });

  it("is a library too", () => {
    writeFileSync(
      join(home, "use.mjs"),
      `import * as viaduct from "viaduct"; console.log(Object.keys(viaduct).join(" "));`,
    );
    const used = run(home, "node", "use.mjs");
    expect(used.status, used.stderr).toBe(0);
    expect(used.stdout).toContain("importEmbeddings");
    expect(used.stdout).toContain("openEmbeddingSet");
  });

  it("carries no sources, tests or build state", () => {
    const files = run(
      home,
      "node",
      "-e",
      `const fs=require("fs");console.log(JSON.stringify(fs.readdirSync("node_modules/viaduct",{recursive:true})))`,
    );
    const names = z.array(z.string()).parse(JSON.parse(files.stdout));
    expect(names.filter((name) => /\.test\.|tsbuildinfo|^src/.test(name))).toEqual([]);
    expect(readFileSync(join(home, "node_modules/viaduct/package.json"), "utf8")).not.toContain('"private"');
  });
});
