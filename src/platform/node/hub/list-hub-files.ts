/** Size and SHA-256 of cached files. Large ones are named by their hash, which was checked when they came. */
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { sha256OfFile, type ListedFile } from "../files/file-list.ts";

export async function listHubFiles(folder: string, paths: readonly string[]): Promise<ListedFile[]> {
  const listed: ListedFile[] = [];
  for (const path of paths) {
    const file = await realpath(join(folder, ...path.split("/")));
    const { size } = await stat(file);
    listed.push({ path, bytes: size, sha256: nameAsHash(file) ?? (await sha256OfFile(file)) });
  }
  return listed;
}

function nameAsHash(file: string): string | undefined {
  const name = basename(file);
  return basename(dirname(file)) === "blobs" && /^[0-9a-f]{64}$/.test(name) ? name : undefined;
}
