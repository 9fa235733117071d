/** Looks for the pictures that items name. */
import { ViaductError } from "../base/errors.ts";
import { isWebAddress } from "../base/web-address.ts";
import type { PictureRoot } from "../platform/node/files/picture-root.ts";
import type { ImportReport } from "../protocol/embedding-set.ts";

const firstShown = 5;
const betweenReports = 4096;

/** `rows` holds the input row of each file, for the row numbers that are reported. */
export async function checkPictures(
  files: readonly (string | null)[],
  rows: Uint32Array,
  root: PictureRoot | undefined,
  onDone: (files: number) => void,
  signal?: AbortSignal,
): Promise<ImportReport["pictures"]> {
  const report = {
    checked: root !== undefined,
    found: 0,
    missing: { count: 0, first: [] as number[] },
    outside: { count: 0, first: [] as number[] },
    web: 0,
    unnamed: 0,
  };
  for (const [row, file] of files.entries()) {
    if (row % betweenReports === 0 && row > 0) {
      if (root) onDone(row);
      // Looking up is synchronous; this lets a signal through.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal?.aborted) throw new ViaductError("cancelled", "Import stopped; nothing was written.");
    }
    if (file === null) report.unnamed++;
    else if (isWebAddress(file)) report.web++;
    else if (root) {
      const { state } = root.find(file);
      if (state === "found") report.found++;
      else if (report[state].count++ < firstShown) report[state].first.push(rows[row] ?? row);
    }
  }
  if (root) onDone(files.length);
  return report;
}
