/**
 * The layers hold because the compiler holds them: a copy of the sources with one forbidden line
 * must not compile, and the same copy without it must.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
let copy: string;

function compile(layer: string): string {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout, status } = spawnSync(process.execPath, [tsc, "-b", join(copy, "src", layer)], {
    encoding: "utf8",
  });
  return status === 0 ? "compiles" : stdout;
}

function withLine(layer: string, line: string): string {
  const file = join(copy, "src", layer, "trespass.ts");
  writeFileSync(file, `${line}\n`);
  try {
    return compile(layer);
  } finally {
    rmSync(file);
  }
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "viaduct-layers-"));
  cpSync(join(root, "src"), join(copy, "src"), { recursive: true });
  for (const file of ["tsconfig.base.json", "package.json"]) cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("the compiler", () => {
  it("accepts the layers as they are", () => {
    expect(compile("kernels")).toBe("compiles");
    expect(compile("platform/web")).toBe("compiles");
  });

  it("refuses an upward import", () => {
    expect(withLine("kernels", `export { type Learner } from "../learners/learner.ts";`)).toContain("TS6307");
  });

  it("refuses node: modules in a portable layer", () => {
    expect(
      withLine("base", `import { readFileSync } from "node:fs"; export const x: unknown = readFileSync;`),
    ).toContain("node:fs");
  });

  it("refuses the DOM in a portable layer and in a Node layer", () => {
    expect(withLine("base", "export const x: unknown = document;")).toContain("document");
    expect(withLine("platform/node", "export const x: unknown = document;")).toContain("document");
  });

  it("refuses Node in the browser", () => {
    expect(
      withLine(
        "platform/web",
        `import { readFileSync } from "node:fs"; export const x: unknown = readFileSync;`,
      ),
    ).toContain("node:fs");
  });
});
