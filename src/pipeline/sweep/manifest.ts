/** sweep.json of a study: read, extended by a new grid, and written after every change. */
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { badInput } from "../../base/errors.ts";
import { readJson } from "../../platform/node/files/read-json.ts";
import { writeJson } from "../../platform/node/files/write-file.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { studySchemaVersion } from "../../protocol/study.ts";
import { sweepManifest, type SweepCell, type SweepGrid, type SweepManifest } from "../../protocol/sweep.ts";

/** The sweep of a study; null where there was none. */
export async function readSweep(study: string): Promise<SweepManifest | null> {
  const path = join(study, studyLayout.sweep);
  if (!existsSync(path)) return null;
  return readJson(path, (value) => {
    const parsed = sweepManifest.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw badInput(
      `${path} is no sweep of schema version ${studySchemaVersion}: ${issue?.path.map(String).join(".") ?? ""} ${issue?.message ?? ""}; remove it, finished cells are found without it`,
    );
  });
}

/** Cells of earlier grids stay, those of this one come last and replace what was said of them. */
export function extended(
  before: SweepManifest | null,
  { dataHash, grid, cells }: { dataHash: string; grid: SweepGrid; cells: readonly SweepCell[] },
): SweepManifest {
  const same = JSON.stringify(grid);
  const names = new Set(cells.map((cell) => cell.name));
  const earlier = before?.cells.filter((cell) => !names.has(cell.name)) ?? [];
  return {
    schemaVersion: studySchemaVersion,
    kind: "sweep",
    dataHash,
    grids: [...(before?.grids.filter((one) => JSON.stringify(one) !== same) ?? []), grid],
    cells: [
      // Nobody is at work on an earlier grid: what a killed sweep left running waits.
      ...earlier.map((cell) => (cell.state === "running" ? { ...cell, state: "waiting" as const } : cell)),
      ...cells,
    ],
  };
}

/** Writes the newest state as often as there is one, one file after the other. */
export function manifestWriter(study: string): {
  write(manifest: SweepManifest): void;
  settled(): Promise<void>;
} {
  const path = join(study, studyLayout.sweep);
  let newest: SweepManifest | null = null;
  let writing: Promise<void> = Promise.resolve();
  const drain = async (): Promise<void> => {
    while (newest !== null) {
      const manifest = newest;
      newest = null;
      await writeJson(path, manifest);
    }
  };
  return {
    write(manifest) {
      const idle = newest === null;
      newest = manifest;
      if (!idle) return;
      writing = writing.then(drain);
      // Reported by `settled`; until then it must not count as unhandled.
      writing.catch(() => {});
    },
    settled: () => writing,
  };
}

/** What a kill in the middle of writing leaves beside the manifest and the lock. */
export async function removeLeftovers(study: string): Promise<void> {
  for (const entry of await readdir(study)) {
    const ofSweep =
      entry.startsWith(`.${studyLayout.sweep}.`) || entry.startsWith(`${studyLayout.sweepLock}.`);
    if (ofSweep && entry.endsWith(".tmp")) {
      await rm(join(study, entry), { force: true });
    }
  }
}
