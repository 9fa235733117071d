/** What a run that did not end leaves on disk: its checkpoint, or nothing. */
import { mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { studyLayout } from "../protocol/study-layout.ts";

/** Makes the run's folder and removes what a killed run left in it, all but the checkpoint `kept`. */
export async function clearUnfinished(folder: string, kept: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const entry of await readdir(folder)) {
    if (entry !== kept) await rm(join(folder, entry), { recursive: true });
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
