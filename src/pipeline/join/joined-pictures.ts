/** Pictures of several sets in one folder above all of theirs, under names relative to it. */
import { dirname, join, parse, relative, sep } from "node:path";
import { isWebAddress } from "../../base/web-address.ts";
import { openPictureRoot, type PictureRoot } from "../../platform/node/files/picture-root.ts";

export interface NamedPictures {
  /** Folder of the pictures; null where the set has none. */
  readonly root: string | null;
  readonly files: readonly (string | null)[];
}

export interface JoinedPictures {
  readonly root: PictureRoot | undefined;
  /** Per set, what its files are called now. */
  readonly files: readonly (readonly (string | null)[])[];
  /** Why no pictures are shown; null when they are, or when there are none. */
  readonly note: string | null;
}

export async function joinPictures(sets: readonly NamedPictures[]): Promise<JoinedPictures> {
  const as = sets.map(({ files }) => files);
  const roots = [...new Set(sets.flatMap(({ root }) => root ?? []))];
  const [first] = roots;
  if (first === undefined) return { root: undefined, files: as, note: null };
  if (roots.length === 1) return { root: await openPictureRoot(first), files: as, note: null };
  const common = roots.reduce(folderAbove);
  if (common === parse(common).root) {
    const note = `the pictures lie in ${roots.join(" and ")}, which have no folder in common: their names are kept and they are not shown`;
    return { root: undefined, files: as, note };
  }
  const files = await Promise.all(
    sets.map(async ({ root, files: own }) => {
      if (root === null) return own;
      const pictures = await openPictureRoot(root);
      return own.map((file) =>
        file === null || isWebAddress(file) ? file : fromAbove(common, pictures, file),
      );
    }),
  );
  return { root: await openPictureRoot(common), files, note: null };
}

function folderAbove(one: string, other: string): string {
  let above = one;
  while (other !== above && !other.startsWith(above.endsWith(sep) ? above : above + sep)) {
    const next = dirname(above);
    if (next === above) return above;
    above = next;
  }
  return above;
}

function fromAbove(common: string, pictures: PictureRoot, file: string): string {
  const found = pictures.find(file);
  const path = found.state === "found" ? found.path : join(pictures.path, file);
  return relative(common, path).replaceAll("\\", "/");
}
