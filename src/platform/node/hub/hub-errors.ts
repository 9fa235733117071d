/** What the user reads when files of a hub repository cannot be had: which, why, and where to put them. */
import { badInput, ViaductError } from "../../../base/errors.ts";
import { snapshotFolder, type HubRepository } from "./cache-layout.ts";
import type { HubUnreachable } from "./hub-client.ts";
import type { HubSettings } from "./hub-settings.ts";

export interface WantedFiles {
  readonly repository: HubRepository;
  /** Those that are not in the cache. */
  readonly paths: readonly string[];
  readonly settings: HubSettings;
}

export function filesMissing(wanted: WantedFiles, why: string, cause?: unknown): ViaductError {
  const { repository, paths, settings } = wanted;
  const { name, revision } = repository;
  const folder = snapshotFolder(settings.cache, name, revision);
  const several = paths.length > 1;
  return new ViaductError(
    "missing-part",
    `${listed(paths)} of ${name} (${revision}) ${several ? "are" : "is"} not on this machine and ${why}; ` +
      `run this where the hub can be reached, or put ${several ? "them under these names" : "it under this name"} into ${folder}`,
    cause === undefined ? undefined : { cause },
  );
}

export function unreachable(error: HubUnreachable, wanted: WantedFiles): ViaductError {
  return filesMissing(wanted, `${wanted.settings.endpoint} cannot be reached (${error.message})`, error);
}

/** One line for an answer that is an error. `path` is the file that was asked for. */
export function answerError(
  answer: Response,
  { repository, path, settings }: WantedFiles & { path: string },
): Error {
  const { status, headers } = answer;
  const { name, revision } = repository;
  const code = headers.get("x-error-code") ?? "";
  const page = `${settings.endpoint}/${name}`;
  if (code === "GatedRepo" || status === 403) {
    return badInput(
      `${name} is not open to you (${status}); accept its conditions at ${page} and set HF_TOKEN to a token that may read it`,
    );
  }
  if (code === "EntryNotFound") {
    return badInput(`${name} has no ${path} at ${revision} (404); choose another --dtype or --revision`);
  }
  if (code === "RevisionNotFound") {
    return badInput(`${name} has no revision ${revision} (404); see ${page}/commits/main`);
  }
  if (status === 401 || code === "RepoNotFound") {
    return badInput(
      `${page} does not exist, or is private and HF_TOKEN may not read it (${status}); check the name, or set HF_TOKEN`,
    );
  }
  if (status === 404) {
    return badInput(`${page} has no ${path} at ${revision} (404); choose another --dtype or --revision`);
  }
  const later = status === 429 ? "it asks for fewer requests" : "it is out of order";
  return badInput(
    `${settings.endpoint} answered ${status} for ${path} of ${name} after several tries: ${later}; repeat the command later, what was downloaded is kept`,
  );
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
