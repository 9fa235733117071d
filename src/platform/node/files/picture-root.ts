/**
 * Looking up picture files named by an item table inside one folder, and nowhere else: by the
 * path as it is written, else by the bare file name. Links that lead out of the folder count as
 * outside.
 */
import { realpathSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { badInput } from "../../../base/errors.ts";
import { isWebAddress } from "../../../base/web-address.ts";
import { cannotRead } from "./file-source.ts";

export type PictureLookup =
  | { readonly state: "found"; readonly path: string }
  | { readonly state: "missing" | "outside" };

export interface PictureRoot {
  /** Absolute. */
  readonly path: string;
  find(file: string): PictureLookup;
}

export async function openPictureRoot(path: string, name: string = path): Promise<PictureRoot> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(`The image root ${name}`, error);
  });
  if (!found.isDirectory())
    throw badInput(`The image root ${name} is no folder; name the folder of the pictures.`);
  const root = resolve(path);
  const realRoot = realpathSync(root);
  return { path: root, find: (file) => lookUp(root, realRoot, file) };
}

function lookUp(root: string, realRoot: string, file: string): PictureLookup {
  let outside = false;
  for (const candidate of candidates(root, file)) {
    const real = realFile(candidate);
    if (real === undefined) continue;
    if (isWithin(root, candidate) && isWithin(realRoot, real)) return { state: "found", path: candidate };
    outside = true;
  }
  return { state: outside ? "outside" : "missing" };
}

/** Where the file really lies; undefined for what is no file or cannot be reached: too long a name, a loop of links, a closed folder. */
function realFile(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function candidates(root: string, file: string): string[] {
  if (file === "" || file.includes("\0") || isWebAddress(file)) return [];
  const written = file.startsWith("file:") ? pathOf(file) : file;
  const portable = sep === "/" ? written.replaceAll("\\", "/") : written;
  const bare = portable.slice(Math.max(portable.lastIndexOf("/"), portable.lastIndexOf(sep)) + 1);
  const first = isAbsolute(portable) ? portable : join(root, portable);
  return bare === "" || bare === "." || bare === ".." ? [] : [...new Set([first, join(root, bare)])];
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return "";
  }
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
