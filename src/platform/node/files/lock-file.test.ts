import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { thisProcess } from "../process-identity.ts";
import { takeLock } from "./lock-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const { pid, begun } = thisProcess();
const own = begun === null ? `${pid}\n` : `${pid} ${begun}\n`;
const heldBy = (holder: number | null): Error => new Error(`held by ${holder}`);

describe("a lock", () => {
  it("is one process's, names it, and is gone when released", async () => {
    const lock = takeLock(path, heldBy);
    expect(await readFile(path, "utf8")).toBe(own);
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
    expect(await readFile(path, "utf8")).toBe(own);
    expect(await readdir(folder)).toEqual(["lock"]);
    lock.release();
  });

  it("of a dead process with this one's number is taken over", async () => {
    await writeFile(path, `${process.pid}\n`);
    takeLock(path, heldBy).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it.skipIf(begun === null)("of a dead process whose number another one has is taken over", async () => {
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
    try {
      await writeFile(path, `${other.pid} 1\n`);
      takeLock(path, heldBy).release();
      // The same number and start: this process, whoever of its parts wrote it.
      await writeFile(path, own);
      expect(() => takeLock(path, heldBy)).toThrow(`held by ${pid}`);
    } finally {
      other.kill("SIGKILL");
      await once(other, "exit");
    }
  });

  it.skipIf(begun === null)("of a process that has ended unnoticed by its parent is taken over", async () => {
    // The shell starts a child and becomes a program that never asks how it ended.
    const parent = spawn("sh", ["-c", "sleep 0.01 & echo $!; exec sleep 60"]);
    try {
      const [said] = (await once(parent.stdout, "data")) as [Buffer];
      const child = Number(said.toString());
      const state = async (): Promise<string> =>
        (await readFile(`/proc/${child}/stat`, "utf8")).replace(/^.*\) /, "").charAt(0);
      await vi.waitFor(async () => expect(await state()).toBe("Z"));
      await writeFile(path, `${child}\n`);
      takeLock(path, heldBy).release();
    } finally {
      parent.kill("SIGKILL");
      await once(parent, "exit");
    }
  });

  it("of one who died while taking a lock over is taken over too", async () => {
    const dead = `${spawnSync(process.execPath, ["-e", ""]).pid}\n`;
    await writeFile(path, dead);
    await writeFile(`${path}.taking`, dead);
    const lock = takeLock(path, heldBy);
    expect(await readdir(folder)).toEqual(["lock"]);
    expect(await readFile(path, "utf8")).toBe(own);
    lock.release();
  });

  it("is not taken from another when it is released late", async () => {
    const lock = takeLock(path, heldBy);
    await rm(path);
    await writeFile(path, "1\n");
    lock.release();
    expect(await readFile(path, "utf8")).toBe("1\n");
  });

  it("that names no process is left to the user", async () => {
    await writeFile(path, "");
    expect(() => takeLock(path, heldBy)).toThrow("held by null");
    expect(await readdir(folder)).toEqual(["lock"]);
  });

  it("is one's of several that try at once, free or a dead process's, every time", async () => {
    const dead = spawnSync(process.execPath, ["-e", ""]);
    const module = JSON.stringify(new URL("./lock-file.ts", import.meta.url).href);
    const script = `
      const { createInterface } = await import("node:readline");
      const { takeLock } = await import(${module});
      console.log("ready");
      for await (const path of createInterface({ input: process.stdin })) {
        try {
          takeLock(path, (holder) => new Error("held " + holder));
          console.log("taken");
        } catch (error) {
          console.log(error.message);
        }
      }`;
    const takers = Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return { child, says: async (): Promise<unknown> => (await lines.next()).value };
    });
    await Promise.all(takers.map(({ says }) => says()));
    for (let round = 0; round < 100; round++) {
      const contested = `${path}-${round}`;
      if (round % 4 !== 0) await writeFile(contested, `${dead.pid}\n`);
      for (const { child } of takers) child.stdin.write(`${contested}\n`);
      const said = await Promise.all(takers.map(({ says }) => says()));
      const holders = takers.filter((_, i) => said[i] === "taken").map(({ child }) => child.pid);
      expect(holders, `round ${round}: ${said.join(", ")}`).toHaveLength(1);
      expect((await readFile(contested, "utf8")).split(/\s/)[0]).toBe(String(holders[0]));
      for (const text of said) expect(text).toMatch(/^(taken|held \d+)$/);
    }
    expect((await readdir(folder)).filter((name) => !/^lock-\d+$/.test(name))).toEqual([]);
    const ended = takers.map(({ child }) => once(child, "exit"));
    for (const { child } of takers) child.stdin.end();
    await Promise.all(ended);
  });
});
