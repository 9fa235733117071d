/**
 * A folder that appears whole or not at all: it is filled under a temporary name beside its
 * place, then renamed. On failure and on the signals that end a process the temporary one is
 * removed.
 */
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { lstat, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { badInput, ViaductError } from "../../../base/errors.ts";
import { entriesAt, makeFolder } from "./output-folder.ts";
import { readJson } from "./read-json.ts";

export interface StagedFolderOptions {
  /** Replace what is there, if it is a folder of this kind and holds nothing else. Default false. */
  readonly force?: boolean;
  /** The JSON file that says what the folder is. */
  readonly marker: string;
  /** Whether the marker's content is that of such a folder. */
  readonly isMarker: (content: unknown) => boolean;
  /** Names that such a folder may hold, the marker among them. */
  readonly known: readonly string[];
  /** What the folder is, for messages: "embedding set". */
  readonly noun: string;
  /** Where it is filled, on the same volume; what a killed process left there is removed. Default: a new name beside its place. */
  readonly staging?: string;
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
  const beside = join(dirname(target), `.${basename(target)}.partial-${randomUUID().slice(0, 8)}`);
  const { staging = beside } = options;
  if (staging !== beside) await rm(staging, { recursive: true, force: true });
  await makeFolder(staging, out);
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
  if (found && !found.isDirectory())
    throw badInput(`${out} exists and is no folder; name another place with --out.`);
  const entries = await entriesAt(target, out);
  if (entries.length === 0) return;
  if (!options.force) {
    throw badInput(
      `${out} exists and is not empty; name another place with --out, or replace it with --force.`,
    );
  }
  const { marker, isMarker, known, noun } = options;
  const others = entries.filter((entry) => !known.includes(entry));
  const isKind =
    entries.includes(marker) &&
    (await readJson(join(target, marker), isMarker).catch((error: unknown) => {
      if (error instanceof ViaductError) return false;
      throw error;
    }));
  if (!isKind) {
    throw badInput(
      `${out} holds ${some(entries)} and no ${marker} of an ${noun}, so --force does not replace it; name another place with --out.`,
    );
  }
  if (others.length > 0) {
    throw badInput(
      `${out} holds ${some(others)} beside the ${noun}, which --force would remove; move that away, or name another place with --out.`,
    );
  }
}

function some(entries: readonly string[]): string {
  return `${entries.slice(0, 3).join(", ")}${entries.length > 3 ? ", …" : ""}`;
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
