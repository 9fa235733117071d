/** A listing as tests compare it: each picture with its captions. */
import type { Listing } from "../../src/pipeline/embed/sources/listing.ts";

export function captionsByPicture({ pictures, captions }: Listing): Record<string, string[]> {
  const entries = pictures.map(({ file }, at): [string, string[]] => [
    file,
    captions.text.filter((_, c) => captions.picture[c] === at),
  ]);
  return Object.fromEntries(entries);
}

/** Cells of a further column of the pictures and of the captions. */
export function column(
  { further, captions }: Listing,
  name: string,
): { pictures: unknown; captions: unknown } {
  return { pictures: further.get(name), captions: captions.further.get(name) };
}

export function counts(list: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...list].sort(([a], [b]) => (a < b ? -1 : 1)));
}
