/**
 * The one truth: lint, format, types, generated files, dead code and tests. `npm run check` runs
 * all of it and goes on after a failure, so that one run shows everything that is wrong.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { ensureChromium } from "./ensure-chromium.ts";

const scratch = mkdtempSync(join(tmpdir(), "viaduct-check-"));
const results = join(scratch, "tests.json");

const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format", "oxfmt", "--check", "."],
  ["types and layers", "tsc", "-b"],
  ["types of tests", "tsc", "-p", "tsconfig.tests.json"],
  ["lint", "oxlint", "--type-aware", "--deny-warnings"],
  ["generated kernels", "node", "scripts/build-wasm.ts", "--check"],
  ["explorer build", "vite", "build", "--logLevel", "warn"],
  ["dead code", "knip"],
  ["tests", "vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`],
];

const testSummary = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
});

const failed: string[] = [];
try {
  ensureChromium();
  for (const [name, command, ...args] of checks) {
    console.log(`\n— ${name}: ${[command, ...args].filter((a) => !a.includes(scratch)).join(" ")}`);
    const started = performance.now();
    const { status } = spawnSync(command, args, { stdio: "inherit" });
    console.log(
      `  ${status === 0 ? "ok" : "FAILED"} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
    );
    if (status !== 0) failed.push(name);
  }
  const tests = testSummary.parse(JSON.parse(readFileSync(results, "utf8")));
  console.log(failed.length === 0 ? "\nAll checks passed." : `\nFailed: ${failed.join(", ")}`);
  console.log(
    `${tests.numPassedTests} passed, ${tests.numFailedTests} failed, ${tests.numPendingTests} skipped`,
  );
} catch (error) {
  failed.push("check");
  console.error(error instanceof Error ? error.message : error);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = failed.length === 0 ? 0 : 1;
