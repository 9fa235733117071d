/**
 * The pictures below a folder, sorted by their path. Hidden files and folders are passed over (`.git`,
 * `._photo.jpg`), links are followed to files inside the folder and nowhere else.
 */
import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { ViaductError, badInput } from "../../../base/errors.ts";
import { cannotRead } from "../../../platform/node/files/file-source.ts";
import { inBlocks } from "./in-blocks.ts";
import type { ListedPicture, SkippedPicture } from "./listing.ts";
import { endingOf, isPictureName } from "./picture-endings.ts";

export interface FolderFiles {
  /** Absolute. */
  readonly root: string;
  /** In the order of their paths, which are compared by UTF-16 units: the same on every machine. */
  readonly pictures: readonly ListedPicture[];
  /** Paths of the `.txt` files, relative to the root, in the same order. */
  readonly texts: readonly string[];
  /** Links to files outside. */
  readonly skipped: readonly SkippedPicture[];
  /** Neither pictures nor texts, by ending. */
  readonly others: ReadonlyMap<string, number>;
}

export async function listFolder(folder: string, signal?: AbortSignal): Promise<FolderFiles> {
  const root = resolve(folder);
  const realRoot = await realpath(root).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(folder, error);
  });
  const names: string[] = [];
  const texts: string[] = [];
  const skipped: SkippedPicture[] = [];
  const others = new Map<string, number>();
  const other = (kind: string): void => void others.set(kind, (others.get(kind) ?? 0) + 1);

  async function sort(name: string, isFile: boolean, isLink: boolean): Promise<void> {
    const isPicture = isPictureName(name);
    if (!isPicture && endingOf(name) !== ".txt") return other(endingOf(name) || "without an ending");
    if (isLink) {
      const real = await realpath(join(root, name)).catch(() => undefined);
      const target = real === undefined ? undefined : await stat(real).catch(() => undefined);
      if (real !== undefined && target !== undefined && !target.isFile()) return other("link to a folder");
      if (real === undefined || target === undefined) {
        if (isPicture) skipped.push({ file: name, reason: "missing" });
        return;
      }
      const way = relative(realRoot, real);
      if (way === ".." || way.startsWith(`..${sep}`) || resolve(way) === way) {
        if (isPicture) skipped.push({ file: name, reason: "outside the folder of pictures" });
        return;
      }
    } else if (!isFile) return other("no regular file");
    (isPicture ? names : texts).push(name);
  }

  async function walk(inner: string): Promise<void> {
    if (signal?.aborted)
      throw new ViaductError("cancelled", "Stopped while the pictures were being looked for.");
    const entries = await readdir(join(root, inner), { withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        throw error.code === "ENOTDIR"
          ? badInput(`${folder} is no folder; name the folder of the pictures.`, error)
          : cannotRead(join(folder, inner), error);
      },
    );
    for (const entry of entries) {
      if (entry.name.startsWith(".") || entry.name === "__MACOSX") continue;
      const name = inner === "" ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory()) await walk(name);
      else await sort(name, entry.isFile(), entry.isSymbolicLink());
    }
  }

  await walk("");
  const pictures = await inBlocks(names.sort(), (file) => picture(root, file));
  return { root, pictures, texts: texts.sort(), skipped, others };
}

/** What cannot be asked for its size is listed all the same, and told of when it is read. */
export async function picture(root: string, file: string): Promise<ListedPicture> {
  const path = join(root, file);
  const found = await stat(path).catch(() => undefined);
  return { file, path, start: null, bytes: found?.size ?? 0, modified: found?.mtimeMs ?? 0 };
}
