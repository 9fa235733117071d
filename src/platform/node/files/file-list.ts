/**
 * The list of a folder's files that a manifest carries: each with its size and SHA-256, made last
 * and checked on request.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { badInput } from "../../../base/errors.ts";

export interface ListedFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** SHA-256 of a file, read as a stream. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** SHA-256 of bytes or text. */
export function sha256Of(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Size and SHA-256 of the named files in a folder, in the given order. */
export async function listFiles(folder: string, paths: readonly string[]): Promise<ListedFile[]> {
  const listed: ListedFile[] = [];
  for (const path of paths) {
    const full = join(folder, path);
    listed.push({ path, bytes: (await stat(full)).size, sha256: await sha256OfFile(full) });
  }
  return listed;
}

/** Checks that the listed files are there with their size, and their content when `content` says so. */
export async function verifyFiles(
  folder: string,
  files: readonly ListedFile[],
  check: { readonly content: boolean },
): Promise<void> {
  for (const { path, bytes, sha256 } of files) {
    const full = join(folder, path);
    const found = await stat(full).catch(() => undefined);
    if (!found)
      throw badInput(`${full} is missing; its manifest lists it: restore it or make the folder again.`);
    if (found.size !== bytes) {
      throw badInput(
        `${full} has ${found.size.toLocaleString("en-US")} bytes; its manifest says ${bytes.toLocaleString("en-US")}: it was changed or cut off, make the folder again.`,
      );
    }
    if (check.content && (await sha256OfFile(full)) !== sha256) {
      throw badInput(
        `${full} has another SHA-256 than its manifest says: it was changed, make the folder again.`,
      );
    }
  }
}
