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

/** Every picture of the folder, named or not: by path, else by a bare name that only one of them has. */
export function inFolder({ root, pictures, skipped }: FolderFiles): PictureFinder {
  const byPath = new Map(pictures.map(({ file }, at) => [file, at]));
  const byName = new Map<string, number>();
  for (const [at, { file }] of pictures.entries()) {
    const name = bareName(file);
    byName.set(name, byName.has(name) ? -1 : at);
  }
  return {
    found: pictures,
    skipped,
    find(file) {
      const portable = file.replaceAll("\\", "/");
      return (
        byPath.get(portable) ??
        byPath.get(portable.replace(/^(\.\/)+/, "")) ??
        (portable.startsWith(`${root}/`) ? byPath.get(portable.slice(root.length + 1)) : undefined) ??
        byName.get(bareName(portable)) ??
        -1
      );
    },
  };
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
