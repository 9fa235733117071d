import { mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemErrorLine } from "./system-error.ts";

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("what the system refuses", () => {
  // Linux has a device that is always full.
  it.runIf(process.platform === "linux")("says that the disk is full and what to do", () => {
    const full = openSync("/dev/full", "w");
    const error = thrownBy(() => writeSync(full, "x"));
    expect(systemErrorLine(error)).toBe(
      "the disk is full (ENOSPC at write); free some space and run the same command again",
    );
  });

  it("leaves what is no such refusal alone", () => {
    const folder = mkdtempSync(join(tmpdir(), "viaduct-error-"));
    try {
      expect(systemErrorLine(thrownBy(() => readFileSync(join(folder, "none"))))).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(systemErrorLine(new Error("ENOSPC"))).toBeUndefined();
    expect(systemErrorLine("ENOSPC")).toBeUndefined();
  });

  it("names the place where it is known", () => {
    const error = Object.assign(new Error("x"), { code: "EROFS", path: "study/runs", syscall: "mkdir" });
    expect(systemErrorLine(error)).toBe(
      "study/runs: the file system can only be read (EROFS at mkdir); choose a folder that can be written",
    );
  });
});
