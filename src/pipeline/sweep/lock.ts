/** One sweep at a time in a study: a lock that a killed process does not hold. */
import { readFileSync } from "node:fs";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { badInput } from "../../base/errors.ts";
import { studyLayout } from "../../protocol/study-layout.ts";

/** Takes the lock and returns how to give it back. */
export async function lockSweep(study: string): Promise<() => Promise<void>> {
  const path = join(study, studyLayout.sweepLock);
  const own = identity(process.pid);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = await open(path, "wx");
      await file.writeFile(own);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = await readFile(path, "utf8").catch(() => "");
    const pid = Number(holder.split(" ")[0]);
    if (holder !== own && pid > 0 && isAlive(pid) && identity(pid) === holder) break;
    await rm(path, { force: true });
  }
  const holder = await readFile(path, "utf8").catch(() => "");
  throw badInput(
    `another sweep (process ${holder.split(" ")[0]}) is at work in ${study}; wait for it or stop it, or remove ${path} if there is none`,
  );
}

/** Process number and, where the system tells it, when the process began: numbers are used again. */
function identity(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const begun = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${pid} ${begun ?? ""}`;
  } catch {
    return `${pid} `;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
