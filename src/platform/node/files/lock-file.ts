/**
 * A file that says which process works in a folder, so that no second one does. The lock of a
 * process that has died is taken over. Processes of another machine, on a shared disk, count as dead.
 *
 * The file appears with its content in one step, as a link to one written beside it. Takers of a dead
 * process's lock queue at a lock of its own, `<path>.taking`: only who holds that replaces a dead
 * lock, by renaming over it, so that nobody removes the lock that a faster one has just taken.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { isRunning, thisProcess, type ProcessIdentity } from "../process-identity.ts";

/** Locks of this process: where no start is known, its number would not tell them from a dead namesake's. */
const held = new Set<string>();

export interface Lock {
  release(): void;
}

type HeldBy = (holder: number | null) => Error;

/** What is taken while a dead process's lock at `path` is replaced. */
const takingOf = (path: string): string => `${path}.taking`;

/** Whether `name` is of the lock called `lock`: itself or what guards its taking over. */
export function isLockName(name: string, lock: string): boolean {
  return name === lock || name.startsWith(takingOf(lock));
}

/** Whether a living process holds the lock at `path`. */
export function isLocked(path: string): boolean {
  const holder = holderOf(path);
  return holder !== undefined && holder !== null && isAlive(holder, path);
}

/** Takes the lock at `path`, whose folder exists; throws `heldBy` the process that has it, null where that is unknown. */
export function takeLock(path: string, heldBy: HeldBy): Lock {
  while (!created(path)) {
    const holder = holderOf(path);
    if (holder === undefined) continue;
    if (holder === null || isAlive(holder, path)) throw heldBy(holder?.pid ?? null);
    const taking = takeLock(takingOf(path), heldBy);
    try {
      if (replacedDead(path)) break;
    } finally {
      taking.release();
    }
  }
  held.add(path);
  return {
    release() {
      held.delete(path);
      // A folder removed and made anew may hold another's.
      if (readText(path) === ownText()) rmSync(path, { force: true });
    },
  };
}

function created(path: string): boolean {
  const mine = writtenBeside(path);
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOENT: another process clears the folder of files that it does not know.
    if (code === "EEXIST" || code === "ENOENT") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code ?? "")) throw error;
    return createdWithoutLinks(path);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** On disks that know no links the file is empty for an instant; an empty one is nobody's to take. */
function createdWithoutLinks(path: string): boolean {
  try {
    writeFileSync(path, ownText(), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Puts this process's lock in the place of a dead one's; false when that is no longer there. */
function replacedDead(path: string): boolean {
  const holder = holderOf(path);
  if (holder === undefined || holder === null || isAlive(holder, path)) return false;
  const mine = writtenBeside(path);
  try {
    renameSync(mine, path);
    return true;
  } catch (error) {
    rmSync(mine, { force: true });
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function writtenBeside(path: string): string {
  const mine = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  writeFileSync(mine, ownText());
  return mine;
}

function ownText(): string {
  const { pid, begun } = thisProcess();
  return begun === null ? `${pid}\n` : `${pid} ${begun}\n`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The process that the lock names; null when it names none, undefined when the lock is gone. */
function holderOf(path: string): ProcessIdentity | null | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const match = /^([1-9]\d{0,9})(?: (\d+))?\s*$/.exec(text);
  return match && { pid: Number(match[1]), begun: match[2] ?? null };
}

function isAlive(holder: ProcessIdentity, path: string): boolean {
  if (holder.pid === process.pid && holder.begun === null) return held.has(path);
  return isRunning(holder);
}
