/**
 * A folder that appears whole or not at all: it is filled under a temporary name beside its
 * place, then renamed. On failure and on the signals that end a process the temporary one is
 * removed.
 */
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { badInput } from "../../../base/errors.ts";

export interface StagedFolderOptions {
  /** Replace what is there. Default false. */
  readonly force?: boolean;
  /** Only a folder that holds this file may be replaced, so that `force` never removes anything else. */
  readonly marker: string;
  /** What the folder is, for messages: "embedding set". */
  readonly noun: string;
}

const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Fills a folder through `fill` and puts it at `out`; returns what `fill` returns. */
export async function publishFolder<T>(
  out: string,
  options: StagedFolderOptions,
  fill: (staging: string) => Promise<T>,
): Promise<T> {
  const target = resolve(out);
  await checkTarget(target, out, options);
  const staging = join(dirname(target), `.${basename(target)}.partial-${randomUUID().slice(0, 8)}`);
  await mkdir(staging, { recursive: true });
  const stopWatching = removeOnExit(staging);
  try {
    const result = await fill(staging);
    await syncFolder(staging);
    await checkTarget(target, out, options);
    await replaceFolder(staging, target);
    return result;
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  } finally {
    stopWatching();
  }
}

/** Refuses a place that is taken, before any work is done. */
export async function checkTarget(target: string, out: string, options: StagedFolderOptions): Promise<void> {
  const found = await lstat(target).catch(() => undefined);
  if (!found) return;
  if (!found.isDirectory()) throw badInput(`${out} exists and is no folder; name another place with --out.`);
  const entries = await readdir(target);
  if (entries.length === 0) return;
  if (!options.force) {
    throw badInput(
      `${out} exists and is not empty; name another place with --out, or replace it with --force.`,
    );
  }
  if (!entries.includes(options.marker)) {
    throw badInput(
      `${out} holds other files (${entries.slice(0, 3).join(", ")}) and no ${options.marker}, so it is no ${options.noun} and --force does not replace it; name another place with --out.`,
    );
  }
}

async function replaceFolder(staging: string, target: string): Promise<void> {
  const present = await lstat(target).catch(() => undefined);
  if (!present) {
    await rename(staging, target);
    return;
  }
  const old = `${staging}.old`;
  await rename(target, old);
  try {
    await rename(staging, target);
  } catch (error) {
    await rename(old, target);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** Makes the folder's entries durable; Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Removes the folder when the process exits or is told to. Where the program handles a signal
 * itself, the decision stays with it: it aborts the work or exits, and both paths end here.
 */
function removeOnExit(folder: string): () => void {
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return;
    remove();
    stop();
    process.kill(process.pid, signal);
  };
  const stop = (): void => {
    process.off("exit", remove);
    for (const signal of endings) process.off(signal, onSignal);
  };
  process.on("exit", remove);
  for (const signal of endings) process.on(signal, onSignal);
  return stop;
}
