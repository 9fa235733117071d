/** The report that the manifest keeps of what `embed` found. */
import type { EncoderDescription } from "../../encoders/description.ts";
import type { EmbeddedReport } from "../../protocol/embedding-set.ts";
import type { EmbeddedCaptions, EmbeddedPictures } from "./collect.ts";
import { occurred, occurrences, type Listing, type SkipReason } from "./sources/listing.ts";

const firstShown = 5;

export function embeddedReport(
  listing: Listing,
  pictures: EmbeddedPictures,
  captions: EmbeddedCaptions,
  how: { readonly limit: number | null; readonly batch: number; readonly description: EncoderDescription },
): EmbeddedReport {
  const fileOf = (picture: number): string => listing.pictures[picture]?.file ?? "";
  const fileOfRow = (row: number): string => fileOf(pictures.kept[row] ?? -1);
  const skipped = (reason: SkipReason): { count: number; first: string[] } => {
    const list = occurrences();
    for (const one of listing.skipped) if (one.reason === reason) occurred(list, one.file);
    return list;
  };
  const withCaption = new Set(listing.captions.picture);
  const unreadable = new Set(pictures.dropped.map(({ at }) => at));
  const again = pictures.firstOfSame.flatMap((same, row) => (same === row ? [] : [{ row, same }]));
  return {
    from: listing.description,
    captionsFrom: listing.captionsFrom,
    pictures: {
      found: listing.pictures.length,
      embedded: pictures.kept.length,
      unreadable: {
        count: pictures.dropped.length,
        first: pictures.dropped.slice(0, firstShown).map(({ at, reason }) => ({ file: fileOf(at), reason })),
      },
      missing: skipped("missing"),
      outside: skipped("outside the folder of pictures"),
      web: skipped("on the web"),
      cutOff: skipped("cut off"),
      withoutCaption: pictures.kept.filter((picture) => !withCaption.has(picture)).length,
      withoutThumbnail: pictures.withoutThumbnail,
      duplicates: {
        count: again.length,
        first: again
          .slice(0, firstShown)
          .map(({ row, same }) => ({ file: fileOfRow(row), of: fileOfRow(same) })),
      },
    },
    captions: {
      embedded: captions.kept.length,
      alone: captions.kept.filter((caption) => (listing.captions.picture[caption] ?? -1) < 0).length,
      empty: listing.emptyCaptions,
      withoutPicture: listing.captionsWithoutPicture,
      ofUnreadable: listing.captions.picture.filter((picture) => unreadable.has(picture)).length,
    },
    otherFiles: Object.fromEntries(listing.otherFiles),
    limit: how.limit,
    batch: how.batch,
    description: { ...how.description },
  };
}
