/** What a run has on disk before it ends: its lock while it runs; where it stopped, its checkpoint or nothing. */
import { mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { badInput } from "../base/errors.ts";
import { isLockName, takeLock, type Lock } from "../platform/node/files/lock-file.ts";
import { studyLayout } from "../protocol/study-layout.ts";

/** Makes the run's folder and locks it; throws where another process trains under the name. */
export async function lockRun(study: string, name: string): Promise<Lock> {
  const layout = studyLayout.dictionary(name);
  await mkdir(join(study, layout.root), { recursive: true });
  const path = join(study, layout.lock);
  return takeLock(path, (holder) =>
    badInput(
      `the dictionary "${name}" is being trained by ${holder === null ? "another process" : `process ${holder}`}; wait for it or choose another --name, and if there is no such training, remove ${path}`,
    ),
  );
}

/** Removes what a killed run left in its folder, all but its checkpoint and the lock that this run holds. */
export async function clearUnfinished(folder: string, checkpoint: string, lock: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (entry === checkpoint || isLockName(entry, lock)) continue;
    // Forced: others who try the lock put files beside it for an instant.
    await rm(join(folder, entry), { recursive: true, force: true });
  }
}

/** Removes the run's folder, and the study around it where this run made it and it holds no other. */
export async function leaveNothing(study: string, folder: string, isNewStudy: boolean): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  if (!isNewStudy || !(await removeEmpty(dirname(folder)))) return;
  await rm(join(study, studyLayout.manifest), { force: true });
  await removeEmpty(study);
}

async function removeEmpty(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}
