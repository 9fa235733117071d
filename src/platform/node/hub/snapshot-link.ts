/** Puts a blob into a snapshot: a relative link where the system has them, else a second name or a copy. */
import { copyFile, link, mkdir, rename, rm, symlink } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname, relative } from "node:path";

type Place = (blob: string, path: string) => Promise<void>;

const ways: readonly Place[] = [
  (blob, path) => symlink(relative(dirname(path), blob), path, "file"),
  (blob, path) => link(blob, path),
  (blob, path) => copyFile(blob, path),
];

/** Replaces what is at `path`, a link to a removed blob for one. Windows gives links to developers only. */
export async function placeInSnapshot(
  blob: string,
  path: string,
  allowed: readonly Place[] = ways,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await firstThatWorks(allowed, blob, beside);
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}

/** A second name for the blob, or a copy of it: what is left where links are forbidden. */
export const withoutLinks: readonly Place[] = ways.slice(1);

async function firstThatWorks(places: readonly Place[], blob: string, path: string): Promise<void> {
  const [place, ...others] = places;
  if (place === undefined) throw new Error(`no way to put ${blob} at ${path}`);
  try {
    await place(blob, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (others.length === 0 || code === "ENOSPC" || code === "ENOENT") throw error;
    await firstThatWorks(others, blob, path);
  }
}
