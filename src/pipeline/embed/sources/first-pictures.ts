/** The first pictures of a listing, with their captions; texts without pictures stay. */
import type { Listing } from "./listing.ts";

export function firstPictures(listing: Listing, most: number): Listing {
  if (listing.pictures.length <= most) return listing;
  const { captions } = listing;
  const kept = captions.picture.flatMap((picture, at) => (picture < most ? [at] : []));
  const pick = <T>(cells: readonly T[]): T[] => kept.map((at) => cells[at]!);
  return {
    ...listing,
    pictures: listing.pictures.slice(0, most),
    source: listing.source.slice(0, most),
    further: new Map([...listing.further].map(([name, cells]) => [name, cells.slice(0, most)])),
    captions: {
      text: pick(captions.text),
      picture: pick(captions.picture),
      source: pick(captions.source),
      further: new Map([...captions.further].map(([name, cells]) => [name, pick(cells)])),
    },
  };
}
