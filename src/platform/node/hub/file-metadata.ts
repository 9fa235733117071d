/**
 * What the hub says about a file before it is downloaded.
 *
 * Large files are kept elsewhere: the answer is a redirection whose X-Linked-Etag is the file's
 * SHA-256 and whose X-Linked-Size is its length. Small ones have the git blob's SHA-1 as ETag.
 * Source: huggingface_hub/file_download.py, get_hf_file_metadata.
 */
import { badInput } from "../../../base/errors.ts";
import { isCommit, type HubRepository } from "./cache-layout.ts";
import { answerError, unreachable, type WantedFiles } from "./hub-errors.ts";
import { HubUnreachable, type HubClient } from "./hub-client.ts";

export interface RemoteFile {
  readonly path: string;
  /** Commit that the answer is of. */
  readonly commit: string;
  /** Name of its blob. */
  readonly etag: string;
  readonly bytes: number;
}

/** Address of a file below the endpoint. */
export function filePath({ name, revision }: HubRepository, path: string): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `${name}/resolve/${encodeURIComponent(revision)}/${encoded}`;
}

export async function askFile(
  client: HubClient,
  repository: HubRepository,
  path: string,
  wanted: WantedFiles,
): Promise<RemoteFile> {
  const answer = await followed(client, filePath(repository, path), wanted);
  if (!answer.ok && !isRedirection(answer)) throw answerError(answer, { ...wanted, path });
  const { headers } = answer;
  const commit = headers.get("x-repo-commit");
  const etag = (headers.get("x-linked-etag") ?? headers.get("etag"))?.replace(/^W\//, "").replaceAll('"', "");
  const bytes = Number(headers.get("x-linked-size") ?? headers.get("content-length") ?? Number.NaN);
  // Commit and etag become names in the cache.
  const named = commit !== null && isCommit(commit) && etag !== undefined && /^[\w-]+$/.test(etag);
  if (!named || !Number.isSafeInteger(bytes) || bytes < 0) {
    throw badInput(
      `${client.settings.endpoint} does not answer as a Hugging Face hub: no commit, etag and size for ${path} of ${repository.name}; check HF_ENDPOINT and your network's login page`,
    );
  }
  return { path, commit, etag, bytes };
}

/** Follows redirections that stay on the hub (renamed repositories), not those to where files are kept. */
async function followed(client: HubClient, first: string, wanted: WantedFiles): Promise<Response> {
  let path = first;
  for (let hop = 0; ; hop++) {
    const answer = await client
      .request(path, { method: "HEAD", redirect: "manual" })
      .catch((error: unknown) => {
        throw error instanceof HubUnreachable ? unreachable(error, wanted) : error;
      });
    const location = answer.headers.get("location");
    if (!isRedirection(answer) || location === null || hop === 5) return answer;
    if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(location)) return answer;
    path = location.replace(/^\/+/, "");
  }
}

const isRedirection = ({ status }: Response): boolean => status >= 300 && status < 400;
