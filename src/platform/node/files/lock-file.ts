/**
 * A file that says which process works in a folder, so that no second one does. The lock of a
 * process that has died is taken over. Processes of another machine, on a shared disk, count as dead.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";

/** Locks of this process: its number alone would not tell them from those of a dead namesake. */
const held = new Set<string>();

export interface Lock {
  release(): void;
}

/** Takes the lock at `path`, whose folder exists; throws `heldBy` the process that has it, null where that is unknown. */
export function takeLock(path: string, heldBy: (holder: number | null) => Error): Lock {
  while (!created(path)) {
    const holder = holderOf(path);
    if (holder === undefined) continue;
    if (holder === null || isAlive(holder, path)) throw heldBy(holder);
    takeAway(path, holder, heldBy);
  }
  held.add(path);
  return {
    release() {
      held.delete(path);
      rmSync(path, { force: true });
    },
  };
}

function created(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** The process that the lock names; null when it names none, undefined when the lock is gone. */
function holderOf(path: string): number | null | undefined {
  try {
    const text = readFileSync(path, "utf8").trim();
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(holder: number, path: string): boolean {
  if (holder === process.pid) return held.has(path);
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Removes a dead process's lock by renaming it, which only one of several takers can do. */
function takeAway(path: string, dead: number, heldBy: (holder: number | null) => Error): void {
  const aside = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const taken = holderOf(aside);
  if (taken === dead || taken === undefined) {
    rmSync(aside, { force: true });
    return;
  }
  // Another taker was faster, and this is its lock.
  renameSync(aside, path);
  throw heldBy(taken);
}
