/**
 * Downloads a file into `<blob>.incomplete`, going on where an earlier try or run stopped, and
 * checks its length and hash. A process stopped at any instant leaves a beginning that counts.
 */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { badInput, ViaductError } from "../../../base/errors.ts";
import type { HubRepository } from "./cache-layout.ts";
import { filePath, type RemoteFile } from "./file-metadata.ts";
import { answerError, unreachable, type WantedFiles } from "./hub-errors.ts";
import { HubUnreachable, stopIfAborted, tries, type HubClient } from "./hub-client.ts";

/** Returns the number of bytes received. */
export async function resumeDownload(
  client: HubClient,
  repository: HubRepository,
  file: RemoteFile,
  wanted: WantedFiles,
  path: string,
  report: (done: number) => void,
): Promise<number> {
  const handle = await open(path, "a");
  const state: State = { handle, hash: hashFor(file), done: 0, received: 0 };
  try {
    await takeUp(state, path, file);
    report(state.done);
    for (let failures = 0; state.done < file.bytes;) {
      const before = state.received;
      const broken = await receive(client, repository, file, wanted, state, report).catch(
        (error: unknown) => {
          throw client.signal?.aborted === true ? stopped(state.done, file, error) : error;
        },
      );
      if (state.done >= file.bytes) break;
      failures = state.received > before ? 1 : failures + 1;
      if (failures >= tries) throw unreachable(new HubUnreachable(broken), wanted);
      await client.pause(failures);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  const expected = expectedDigest(file);
  const found = state.hash.digest("hex");
  if (state.done !== file.bytes || (expected !== undefined && found !== expected)) {
    await rm(path, { force: true });
    throw badInput(
      `${file.path} of ${repository.name} arrived damaged: ${state.done} bytes with hash ${found}; expected ${file.bytes} bytes with ${expected ?? "any"}; it was removed, repeat the command`,
    );
  }
  return state.received;
}

function stopped(done: number, { path, bytes }: RemoteFile, cause: unknown): ViaductError {
  const megabytes = (count: number): string => (count / 1e6).toFixed(1);
  return new ViaductError(
    "cancelled",
    `stopped after ${megabytes(done)} of ${megabytes(bytes)} MB of ${path}; the same command goes on from there`,
    { cause },
  );
}

interface State {
  readonly handle: FileHandle;
  hash: Hash;
  /** Bytes in the file. */
  done: number;
  received: number;
}

/** Counts and hashes what an earlier run left. */
async function takeUp(state: State, path: string, file: RemoteFile): Promise<void> {
  const { size } = await state.handle.stat();
  if (size > file.bytes) return restart(state, file);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    state.hash.update(chunk as Buffer);
  }
  state.done = size;
}

async function restart(state: State, file: RemoteFile): Promise<void> {
  await state.handle.truncate(0);
  state.hash = hashFor(file);
  state.done = 0;
}

/** Appends what one answer brings; returns what ended it early, if anything did. */
async function receive(
  client: HubClient,
  repository: HubRepository,
  file: RemoteFile,
  wanted: WantedFiles,
  state: State,
  report: (done: number) => void,
): Promise<unknown> {
  const answer = await client
    .request(filePath(repository, file.path), {
      method: "GET",
      redirect: "follow",
      headers: state.done === 0 ? {} : { range: `bytes=${state.done}-` },
    })
    .catch((error: unknown) => {
      throw error instanceof HubUnreachable ? unreachable(error, wanted) : error;
    });
  if (answer.status === 416) return restart(state, file);
  if (!answer.ok || answer.body === null) throw answerError(answer, { ...wanted, path: file.path });
  if (state.done > 0 && !continues(answer, state.done)) await restart(state, file);
  try {
    for await (const chunk of answer.body) {
      // Not `write`, which may write a part on a disk that is nearly full.
      await state.handle.appendFile(chunk);
      state.hash.update(chunk);
      state.done += chunk.length;
      state.received += chunk.length;
      if (state.done > file.bytes) return undefined;
      report(state.done);
    }
  } catch (error) {
    stopIfAborted(client.signal);
    if (isOfDisk(error)) throw error;
    return error;
  }
  return new Error("the connection was closed early");
}

function continues(answer: Response, at: number): boolean {
  return answer.status === 206 && answer.headers.get("content-range")?.startsWith(`bytes ${at}-`) === true;
}

function isOfDisk(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EIO", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/** Large files are named by their SHA-256, small ones by git's SHA-1 of a blob. */
function hashFor({ etag, bytes }: RemoteFile): Hash {
  if (etag.length === 40) return createHash("sha1").update(`blob ${bytes}\0`);
  return createHash("sha256");
}

function expectedDigest({ etag }: RemoteFile): string | undefined {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(etag) ? etag : undefined;
}
