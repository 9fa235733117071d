/** One file of a repository as a blob of the cache: downloaded once, by one process at a time. */
import { mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { badInput } from "../../../base/errors.ts";
import { takeLock, type Lock } from "../files/lock-file.ts";
import { blobLock, blobPath, type HubRepository } from "./cache-layout.ts";
import type { RemoteFile } from "./file-metadata.ts";
import type { WantedFiles } from "./hub-errors.ts";
import { stopIfAborted, type HubClient } from "./hub-client.ts";
import { resumeDownload } from "./resume-download.ts";

export interface Blob {
  readonly path: string;
  /** Bytes that came over the network. */
  readonly received: number;
}

/** `report` is told how many of the file's bytes are there. */
export async function downloadBlob(
  client: HubClient,
  repository: HubRepository,
  file: RemoteFile,
  wanted: WantedFiles,
  report: (done: number) => void,
): Promise<Blob> {
  const { cache } = client.settings;
  const path = blobPath(cache, repository.name, file.etag);
  if (await isWhole(path, file)) return { path, received: 0 };
  try {
    await mkdir(dirname(path), { recursive: true });
    const lock = await lockOf(blobLock(cache, repository.name, file.etag), client.signal);
    try {
      // Another process may have finished it while this one waited.
      if (await isWhole(path, file)) return { path, received: 0 };
      const incomplete = `${path}.incomplete`;
      const received = await resumeDownload(client, repository, file, wanted, incomplete, report);
      await rename(incomplete, path);
      return { path, received };
    } finally {
      lock.release();
    }
  } catch (error) {
    throw storageError(error, cache, file) ?? error;
  }
}

async function isWhole(path: string, { bytes }: RemoteFile): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile() && found.size === bytes,
    () => false,
  );
}

class Busy extends Error {}

/** Waits until no other process downloads the same blob. */
async function lockOf(path: string, signal: AbortSignal | undefined): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true });
  for (;;) {
    stopIfAborted(signal);
    try {
      return takeLock(path, () => new Busy());
    } catch (error) {
      if (!(error instanceof Busy)) throw error;
      await sleep(500, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    }
  }
}

function storageError(error: unknown, cache: string, { path, bytes }: RemoteFile): Error | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return badInput(
      `no room in ${cache} for ${path} (${bytes} bytes); free some, or set HF_HUB_CACHE to a folder on another disk`,
      error,
    );
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return badInput(
      `${cache} cannot be written to (${code}); set HF_HUB_CACHE to a folder that can, for ${path}`,
      error,
    );
  }
  return undefined;
}
