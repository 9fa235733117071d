import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeLock } from "./lock-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const heldBy = (holder: number | null): Error => new Error(`held by ${holder}`);

describe("a lock", () => {
  it("is one process's, names it, and is gone when released", async () => {
    const lock = takeLock(path, heldBy);
    expect(await readFile(path, "utf8")).toBe(`${process.pid}\n`);
    expect(() => takeLock(path, heldBy)).toThrow(`held by ${process.pid}`);
    lock.release();
    expect(await readdir(folder)).toEqual([]);
    takeLock(path, heldBy).release();
  });

  it("of a live process is respected, and taken over when that has died", async () => {
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
    try {
      await writeFile(path, `${other.pid}\n`);
      expect(() => takeLock(path, heldBy)).toThrow(`held by ${other.pid}`);
      expect(await readFile(path, "utf8")).toBe(`${other.pid}\n`);
    } finally {
      other.kill("SIGKILL");
      await once(other, "exit");
    }
    const lock = takeLock(path, heldBy);
    expect(await readFile(path, "utf8")).toBe(`${process.pid}\n`);
    expect(await readdir(folder)).toEqual(["lock"]);
    lock.release();
  });

  it("of a dead process with this one's number is taken over", async () => {
    await writeFile(path, `${process.pid}\n`);
    takeLock(path, heldBy).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("that names no process is left to the user", async () => {
    await writeFile(path, "");
    expect(() => takeLock(path, heldBy)).toThrow("held by null");
    expect(await readdir(folder)).toEqual(["lock"]);
  });

  it("of a dead process is taken over by one of several that try", async () => {
    const dead = spawnSync(process.execPath, ["-e", ""]);
    await writeFile(path, `${dead.pid}\n`);
    const module = JSON.stringify(new URL("./lock-file.ts", import.meta.url).href);
    const script = `
      const { takeLock } = await import(${module});
      process.stdout.write("ready");
      process.stdin.once("data", () => {
        try {
          takeLock(${JSON.stringify(path)}, () => new Error("held"));
          console.log(" taken");
        } catch (error) {
          console.log(" " + error.message);
        }
        process.stdin.once("data", () => process.exit());
      });`;
    const takers = Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      let said = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
      const until = async (end: RegExp): Promise<string> => {
        while (!end.test(said)) await once(child.stdout, "data");
        return said;
      };
      return { child, until };
    });
    await Promise.all(takers.map(({ until }) => until(/ready/)));
    for (const { child } of takers) child.stdin.write("go");
    const said = await Promise.all(takers.map(({ until }) => until(/taken|held/)));
    expect(said.filter((text) => text.includes("taken"))).toHaveLength(1);
    const ended = takers.map(({ child }) => once(child, "exit"));
    for (const { child } of takers) child.stdin.write("end");
    await Promise.all(ended);
  });
});
