/** One sweep at a time in a study. */
import { join } from "node:path";
import { badInput } from "../../base/errors.ts";
import { takeLock, type Lock } from "../../platform/node/files/lock-file.ts";
import { studyLayout } from "../../protocol/study-layout.ts";

export function lockSweep(study: string): Lock {
  const path = join(study, studyLayout.sweepLock);
  return takeLock(path, (holder) =>
    badInput(
      `another sweep${holder === null ? "" : ` (process ${holder})`} is at work in ${study}; wait for it or stop it, or remove ${path} if there is none`,
    ),
  );
}
