/** The real command line in a process of its own, and folders to run it in. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface Ran {
  /** Exit status, or the signal that ended it. */
  readonly status: number | string;
  readonly stdout: string;
  /** Standard error without progress. */
  readonly messages: readonly string[];
  /** Standard error's progress, one object a line. */
  readonly progress: readonly Readonly<Record<string, unknown>>[];
}

/** Runs `viaduct …args` in `cwd`; `started` is handed the process, to signal it. */
export async function viaduct(
  cwd: string,
  args: readonly string[],
  started: (child: ChildProcess) => void = () => {},
): Promise<Ran> {
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  started(child);
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? NaN));
  });
  const lines = stderr.split("\n").filter((line) => line !== "");
  const isProgress = (line: string): boolean => line.startsWith('{"stage"');
  return {
    status,
    stdout,
    messages: lines.filter((line) => !isProgress(line)),
    progress: lines.filter(isProgress).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
  };
}

/** A folder that exists while the tests of a file run. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "viaduct-cli-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
