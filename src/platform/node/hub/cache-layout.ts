/**
 * Where files of a hub repository lie in the cache that Hugging Face's libraries share:
 *
 *     models--<owner>--<name>/
 *       blobs/<etag>                     contents; the SHA-256 of large files is their etag
 *       refs/<branch or tag>             the commit it named when last asked
 *       snapshots/<commit>/<path>        links to blobs, or the files themselves
 *
 * Source: "Understand caching" of huggingface_hub's documentation.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { badInput } from "../../../base/errors.ts";

export interface HubRepository {
  /** "owner/name" */
  readonly name: string;
  /** Commit, tag or branch. */
  readonly revision: string;
}

const commitName = /^[0-9a-f]{40}$/;

export const isCommit = (revision: string): boolean => commitName.test(revision);

/** Throws for names that would lead out of the cache or are none of a repository. */
export function checkRepository({ name, revision }: HubRepository): void {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name) || name.includes("..")) {
    throw badInput(`"${name}" is no hub repository; expected owner/name`);
  }
  if (!/^[\w.-]+(?:\/[\w.-]+)*$/.test(revision) || revision.includes("..")) {
    throw badInput(`"${revision}" is no revision; expected a commit, a tag or a branch of ${name}`);
  }
}

export function repositoryFolder(cache: string, repository: string): string {
  return join(cache, `models--${repository.replaceAll("/", "--")}`);
}

export function blobPath(cache: string, repository: string, etag: string): string {
  return join(repositoryFolder(cache, repository), "blobs", etag);
}

export function snapshotFolder(cache: string, repository: string, commit: string): string {
  return join(repositoryFolder(cache, repository), "snapshots", commit);
}

export function refPath(cache: string, { name, revision }: HubRepository): string {
  return join(repositoryFolder(cache, name), "refs", ...revision.split("/"));
}

/** Taken while a blob is being downloaded. */
export function blobLock(cache: string, repository: string, etag: string): string {
  return join(cache, ".locks", `models--${repository.replaceAll("/", "--")}`, `${etag}.viaduct`);
}

/**
 * The folder under snapshots/ that stands for a revision: the commit that the cache knows it by, or
 * the revision itself. Undefined where the cache has neither.
 */
export function cachedCommit(cache: string, repository: HubRepository): string | undefined {
  const { name, revision } = repository;
  if (isCommit(revision)) return revision;
  const known = readIfThere(refPath(cache, repository))?.trim();
  if (known !== undefined && isCommit(known)) return known;
  return isFolder(snapshotFolder(cache, name, revision)) ? revision : undefined;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
