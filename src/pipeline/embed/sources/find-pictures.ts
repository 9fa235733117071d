/** From the name that a caption file has for a picture to the picture: in a folder that was listed, or by the table alone. */
import { join } from "node:path";
import { isWebAddress } from "../../../base/web-address.ts";
import type { PictureRoot } from "../../../platform/node/files/picture-root.ts";
import type { FolderFiles } from "./folder.ts";
import type { ListedPicture, SkippedPicture } from "./listing.ts";

export interface PictureFinder {
  /** Number of the picture in `found`; −1 when there is none. */
  find(file: string): number;
  readonly found: readonly (ListedPicture | { readonly file: string; readonly path: string })[];
  readonly skipped: readonly SkippedPicture[];
}

/**
 * Every picture of the folder, named or not: by its path, by the end of it ("val/a.jpg" of a.jpg in the
 * folder val), else by a bare name that only one of them has. `names` are all that will be asked for: two of
 * them with one bare name ("train/1.jpg", "val/1.jpg") are two pictures, and at most one of them is here.
 */
export function inFolder(
  { root, pictures, skipped }: FolderFiles,
  names: readonly (string | null)[],
): PictureFinder {
  const byPath = new Map(pictures.map(({ file }, at) => [file, at]));
  const byName = new Map<string, number>();
  for (const [at, { file }] of pictures.entries()) {
    const name = bareName(file);
    byName.set(name, byName.has(name) ? -1 : at);
  }
  /** By bare name the path that it is asked by; null where there are several. */
  const askedBy = new Map<string, string | null>();
  for (const given of names) {
    if (given === null) continue;
    const path = portable(given);
    const name = bareName(path);
    const before = askedBy.get(name);
    askedBy.set(name, before === undefined || before === path ? path : null);
  }
  return {
    found: pictures,
    skipped,
    find(file) {
      const path = portable(file);
      const below = byPath.get(path) ?? belowRoot(portable(root), path, byPath);
      if (below !== undefined) return below;
      const at = byName.get(bareName(path)) ?? -1;
      const isEnd = at >= 0 && `/${pictures[at]!.file}`.endsWith(`/${path}`);
      return isEnd || askedBy.get(bareName(path)) === path ? at : -1;
    },
  };
}

/** Looks for a path that begins with the last folders of the root, or with all of it. */
function belowRoot(root: string, path: string, byPath: ReadonlyMap<string, number>): number | undefined {
  for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
    const folders = path.slice(0, slash);
    const isOfRoot = root === folders || root.endsWith(`/${folders}`);
    const found = isOfRoot ? byPath.get(path.slice(slash + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function portable(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(\.\/)+/, "");
}

function bareName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** The pictures that are asked for, in the order of the asking. */
export function inRoot(root: PictureRoot): PictureFinder {
  const numberOf = new Map<string, number>();
  const byPath = new Map<string, number>();
  const found: { file: string; path: string }[] = [];
  const skipped: SkippedPicture[] = [];
  const look = (file: string): number => {
    if (isWebAddress(file)) {
      skipped.push({ file, reason: "on the web" });
      return -1;
    }
    const result = root.find(file);
    if (result.state !== "found") {
      skipped.push({
        file,
        reason: result.state === "outside" ? "outside the folder of pictures" : "missing",
      });
      return -1;
    }
    // "a.jpg" and "./a.jpg" are one picture.
    const path = join(result.path);
    const known = byPath.get(path);
    if (known !== undefined) return known;
    byPath.set(path, found.length);
    return found.push({ file, path }) - 1;
  };
  return {
    found,
    skipped,
    find(file) {
      let at = numberOf.get(file);
      if (at === undefined) numberOf.set(file, (at = look(file)));
      return at;
    },
  };
}
