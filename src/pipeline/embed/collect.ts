/** From the shards and the listing to what an embedding set is written from. */
import type { Cell } from "../../formats/table.ts";
import { duplicateColumn } from "../../protocol/embedding-set.ts";
import type { Items } from "../import-items.ts";
import type { ImportInputs } from "../import-inputs.ts";
import type { DroppedInput } from "../import-tables.ts";
import { shardRows, type RowFile } from "./shard-rows.ts";
import {
  captionShard,
  pictureShard,
  recordOf,
  shardCount,
  type CaptionShard,
  type PictureShard,
} from "./shards.ts";
import type { Listing } from "./sources/listing.ts";
import type { UnfinishedSet } from "./unfinished-set.ts";

export interface EmbeddedPictures {
  readonly files: readonly RowFile[];
  /** Numbers of the pictures, by image row. */
  readonly kept: readonly number[];
  readonly dropped: PictureShard["dropped"];
  readonly withoutThumbnail: number;
  /** For each image row the first one of the same bytes. */
  readonly firstOfSame: readonly number[];
}

export async function collectPictures(
  unfinished: UnfinishedSet,
  pictures: number,
  shardSize: number,
): Promise<EmbeddedPictures> {
  const files: RowFile[] = [];
  const kept: number[] = [];
  const dropped: PictureShard["dropped"] = [];
  const firstOfSame: number[] = [];
  const seen = new Map<string, number>();
  let withoutThumbnail = 0;
  for (let shard = 0; shard < shardCount(pictures, shardSize); shard++) {
    const record = await unfinished.record("pictures", shard, recordOf(pictureShard));
    files.push({ path: unfinished.matrix("pictures", shard), rows: record.kept.length });
    withoutThumbnail += record.withoutThumbnail;
    for (const problem of record.dropped) dropped.push(problem);
    for (const [at, picture] of record.kept.entries()) {
      const row = kept.push(picture) - 1;
      const hash = record.sha256[at] ?? "";
      const first = seen.get(hash) ?? row;
      if (first === row) seen.set(hash, row);
      firstOfSame.push(first);
    }
  }
  return { files, kept, dropped, withoutThumbnail, firstOfSame };
}

/** Captions of the pictures that became rows, and texts without pictures. */
export function chosenCaptions({ captions, pictures }: Listing, kept: readonly number[]): number[] {
  const isKept = new Uint8Array(pictures.length);
  for (const picture of kept) isKept[picture] = 1;
  return captions.picture.flatMap((picture, at) => (picture < 0 || isKept[picture] === 1 ? [at] : []));
}

export interface EmbeddedCaptions {
  readonly files: readonly RowFile[];
  /** Numbers of the captions, by text row. */
  readonly kept: readonly number[];
  readonly dropped: CaptionShard["dropped"];
}

export async function collectCaptions(
  unfinished: UnfinishedSet,
  captions: number,
  shardSize: number,
): Promise<EmbeddedCaptions> {
  const files: RowFile[] = [];
  const kept: number[] = [];
  const dropped: CaptionShard["dropped"] = [];
  for (let shard = 0; shard < shardCount(captions, shardSize); shard++) {
    const record = await unfinished.record("captions", shard, recordOf(captionShard));
    files.push({ path: unfinished.matrix("captions", shard), rows: record.kept.length });
    for (const problem of record.dropped) dropped.push(problem);
    for (const caption of record.kept) kept.push(caption);
  }
  return { files, kept, dropped };
}

export function setInputs(
  listing: Listing,
  dimension: number,
  pictures: EmbeddedPictures,
  captions: EmbeddedCaptions,
): ImportInputs {
  const rowOf = new Map(pictures.kept.map((picture, row) => [picture, row]));
  const pairs: { image: number[]; text: number[] } = { image: [], text: [] };
  for (const [text, caption] of captions.kept.entries()) {
    const image = rowOf.get(listing.captions.picture[caption] ?? -1);
    if (image === undefined) continue;
    pairs.image.push(image);
    pairs.text.push(text);
  }
  return {
    dimension,
    image: {
      rows: shardRows(pictures.files, dimension),
      dtype: "float32",
      items: imageItems(listing, pictures),
    },
    text: {
      rows: shardRows(captions.files, dimension),
      dtype: "float32",
      items: textItems(listing, captions.kept),
    },
    pairs: { image: Uint32Array.from(pairs.image), text: Uint32Array.from(pairs.text) },
    pairedBy: pairs.image.length > 0 ? "table" : "none",
    sources: listing.sources,
    leftOutColumns: listing.leftOutColumns,
    close: async () => {},
  };
}

function pick<T>(cells: readonly T[], rows: readonly number[]): T[] {
  return rows.map((row) => cells[row]!);
}

/** The first caption says of a picture what it is, for those who cannot see it. */
function imageItems({ pictures, captions, source, further }: Listing, embedded: EmbeddedPictures): Items {
  const { kept, firstOfSame } = embedded;
  const first = new Map<number, string>();
  for (const [at, picture] of captions.picture.entries()) {
    if (!first.has(picture)) first.set(picture, captions.text[at]!);
  }
  const columns = new Map<string, readonly Cell[]>(
    [...further].map(([name, cells]) => [name, pick(cells, kept)]),
  );
  if (firstOfSame.some((same, row) => same !== row)) {
    columns.set(
      duplicateColumn,
      firstOfSame.map((same, row) => (same === row ? null : same)),
    );
  }
  return {
    rows: kept.length,
    file: kept.map((picture) => pictures[picture]!.file),
    caption: kept.map((picture) => first.get(picture) ?? null),
    source: pick(source, kept),
    further: columns,
  };
}

function textItems({ captions }: Listing, kept: readonly number[]): Items {
  return {
    rows: kept.length,
    file: kept.map(() => null),
    caption: pick(captions.text, kept),
    source: pick(captions.source, kept),
    further: new Map([...captions.further].map(([name, cells]) => [name, pick(cells, kept)])),
  };
}

/** Every picture and caption that is not in the set, in the order of the input. */
export function droppedInputs(
  listing: Listing,
  pictures: EmbeddedPictures,
  captions: EmbeddedCaptions,
): DroppedInput[] {
  const fileOf = (picture: number): string => listing.pictures[picture]?.file ?? "";
  const unreadable = new Set(pictures.dropped.map(({ at }) => at));
  const withoutPicture = listing.captions.picture.flatMap((picture, at) =>
    unreadable.has(picture) ? [{ at, reason: "its picture cannot be used" }] : [],
  );
  return [
    ...listing.skipped.map(({ file, reason }) => ({ modality: "image" as const, row: null, reason, file })),
    ...pictures.dropped.map(({ at, reason }) => ({
      modality: "image" as const,
      row: at,
      reason,
      file: fileOf(at),
    })),
    ...[...withoutPicture, ...captions.dropped]
      .sort((a, b) => a.at - b.at)
      .map(({ at, reason }) => ({
        modality: "text" as const,
        row: at,
        reason,
        file: fileOf(listing.captions.picture[at] ?? -1),
      })),
  ];
}
