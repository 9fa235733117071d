/**
 * Files of a hub repository on this machine: from the cache that Hugging Face's libraries share,
 * and what is missing there from the hub, into the same cache. All files are of one commit.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { silent, type Progress } from "../../../base/progress.ts";
import {
  cachedCommit,
  checkRepository,
  isCommit,
  refPath,
  snapshotFolder,
  type HubRepository,
} from "./cache-layout.ts";
import { downloadBlob } from "./download-blob.ts";
import { askFile, type RemoteFile } from "./file-metadata.ts";
import { filesMissing } from "./hub-errors.ts";
import { createHubClient, type HubClientEffects } from "./hub-client.ts";
import type { HubSettings } from "./hub-settings.ts";
import { placeInSnapshot } from "./snapshot-link.ts";
import { writeFileAtomic } from "../files/write-file.ts";

export interface HubFilesEffects extends HubClientEffects {
  readonly progress?: Progress;
}

export interface HubFiles {
  /** Folder that holds the files under their paths. */
  readonly folder: string;
  /** The commit they are of; the revision's name where the files were put there by hand. */
  readonly commit: string;
  /** Bytes that had to be downloaded. */
  readonly downloaded: number;
}

/**
 * `paths` of the repository, e.g. "onnx/vision_model.onnx".
 *
 * With every file in the cache nothing is asked of the hub, a branch being what it was when it was
 * last asked for; naming a newer commit gets newer files.
 */
export async function hubFiles(
  repository: HubRepository,
  paths: readonly string[],
  settings: HubSettings,
  effects: HubFilesEffects = {},
): Promise<HubFiles> {
  checkRepository(repository);
  const { cache } = settings;
  const { name, revision } = repository;
  const known = cachedCommit(cache, repository);
  const missing = paths.filter((path) => known === undefined || !isThere(cache, name, known, path));
  if (known !== undefined && missing.length === 0) {
    return { folder: snapshotFolder(cache, name, known), commit: known, downloaded: 0 };
  }
  const wanted = { repository: { name, revision: known ?? revision }, paths: missing, settings };
  if (settings.offline) throw filesMissing(wanted, "requests to the hub are turned off");

  const client = createHubClient(settings, effects);
  const files: RemoteFile[] = [];
  // The first answer tells which commit a branch names now; the others are asked of that commit.
  let commit = known;
  for (const path of missing) {
    const file = await askFile(client, { name, revision: commit ?? revision }, path, wanted);
    commit ??= file.commit;
    files.push(file);
  }
  const at = commit ?? revision;
  if (!isCommit(revision) && isCommit(at)) await writeFileAtomic(refPath(cache, repository), at);

  const { progress = silent } = effects;
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  let downloaded = 0;
  for (const file of files) {
    const blob = await downloadBlob(client, { name, revision: at }, file, wanted, (done) =>
      progress({ stage: `download ${file.path}`, done: before + done, total, unit: "bytes" }),
    );
    await placeInSnapshot(blob.path, join(snapshotFolder(cache, name, at), ...file.path.split("/")));
    before += file.bytes;
    downloaded += blob.received;
  }
  return { folder: snapshotFolder(cache, name, at), commit: at, downloaded };
}

/** Whether every one of the files is in the cache. */
export function areCached(
  repository: HubRepository,
  paths: readonly string[],
  { cache }: Pick<HubSettings, "cache">,
): boolean {
  const commit = cachedCommit(cache, repository);
  return commit !== undefined && paths.every((path) => isThere(cache, repository.name, commit, path));
}

/** Follows links: one whose blob was removed counts as missing. */
function isThere(cache: string, repository: string, commit: string, path: string): boolean {
  const file = join(snapshotFolder(cache, repository, commit), ...path.split("/"));
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
