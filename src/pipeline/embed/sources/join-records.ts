/** Captions to their pictures: records of one picture come together, whatever lies between them. */
import type { Cell } from "../../../formats/table.ts";
import type { CaptionRecords } from "./caption-records.ts";
import type { PictureFinder } from "./find-pictures.ts";
import { occurred, occurrences, type ListedCaptions, type Occurrences } from "./listing.ts";

export interface Joined {
  readonly source: readonly (string | null)[];
  readonly further: ReadonlyMap<string, readonly Cell[]>;
  readonly captions: ListedCaptions;
  readonly emptyCaptions: Occurrences;
  readonly captionsWithoutPicture: Occurrences;
}

export function joinRecords(records: CaptionRecords, finder: PictureFinder): Joined {
  const emptyCaptions = occurrences();
  const captionsWithoutPicture = occurrences();
  /** The first record of each picture, and its captions with the records that they are of. */
  const firstOf: number[] = [];
  const textsOf: { text: string; record: number }[][] = [];
  const pictureOf = records.file.map((file, record) => {
    const picture = file === null ? -1 : finder.find(file);
    const name = file ?? `record ${(record + 1).toLocaleString("en-US")} names no picture`;
    if (picture >= 0) firstOf[picture] ??= record;
    for (const text of records.captions[record] ?? []) {
      if (text.trim() === "") occurred(emptyCaptions, name);
      else if (picture < 0) occurred(captionsWithoutPicture, name);
      else (textsOf[picture] ??= []).push({ text, record });
    }
    return picture;
  });
  const text: string[] = [];
  const picture: number[] = [];
  const from: number[] = [];
  for (let at = 0; at < finder.found.length; at++) {
    for (const one of textsOf[at] ?? []) {
      text.push(one.text);
      picture.push(at);
      from.push(one.record);
    }
  }
  const ofPictures = <T>(cells: readonly (T | null)[]): (T | null)[] =>
    Array.from(finder.found, (_, at) => {
      const record = firstOf[at];
      return record === undefined ? null : (cells[record] ?? null);
    });
  const ofCaptions = <T>(cells: readonly (T | null)[]): (T | null)[] =>
    from.map((record) => cells[record] ?? null);
  const further = [...records.further];
  return {
    source: ofPictures(records.source),
    further: new Map(
      further
        .filter(([, cells]) => isOfPictures(cells, pictureOf, firstOf))
        .map(([name, cells]) => [name, ofPictures(cells)]),
    ),
    captions: {
      text,
      picture,
      source: ofCaptions(records.source),
      further: new Map(further.map(([name, cells]) => [name, ofCaptions(cells)])),
    },
    emptyCaptions,
    captionsWithoutPicture,
  };
}

/** A column that differs between captions of one picture says something of the captions only. */
function isOfPictures(
  cells: readonly Cell[],
  pictureOf: readonly number[],
  firstOf: readonly number[],
): boolean {
  return pictureOf.every((picture, record) => picture < 0 || cells[firstOf[picture]!] === cells[record]);
}
