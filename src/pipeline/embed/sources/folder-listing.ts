/** The pictures of a folder with captions: from a file that was named, one that lies in the folder, or from beside each. */
import { join } from "node:path";
import { readdir } from "node:fs/promises";
import { badInput, badUsage, ViaductError } from "../../../base/errors.ts";
import { captionFile, captionFileFormat, type CaptionFileFormat } from "./caption-file.ts";
import type { CaptionRecords } from "./caption-records.ts";
import { captionsBeside } from "./captions-beside.ts";
import { inFolder } from "./find-pictures.ts";
import type { FolderFiles } from "./folder.ts";
import { joinRecords } from "./join-records.ts";
import { occurrences, type Listing } from "./listing.ts";
import type { SourceOptions } from "./source-options.ts";

/** Names that a file of captions has in the data sets that people have, Hugging Face's folders among them. */
const usual: readonly RegExp[] = [
  /^(metadata|captions?|annotations)\.(csv|tsv|jsonl|ndjson|parquet)$/i,
  /^captions(_.+)?\.json$/i,
  /^dataset_.+\.json$/i,
  /^(results\.csv|captions\.txt|.+\.token(\.txt)?)$/i,
];

export async function folderListing(
  folder: string,
  files: FolderFiles,
  options: SourceOptions,
): Promise<Listing> {
  const found = await captionRecords(folder, files, options);
  const others = new Map(files.others);
  const unread = files.texts.filter((text) => join(folder, text) !== found?.from);
  if (found?.from !== "beside" && unread.length > 0) others.set(".txt", unread.length);
  const bytes = files.pictures.reduce((sum, picture) => sum + picture.bytes, 0);
  const nothing = (): null[] => files.pictures.map(() => null);
  const joined = found
    ? joinRecords(found.records, inFolder(files, found.records.file))
    : {
        source: nothing(),
        further: new Map(),
        captions: { text: [], picture: [], source: [], further: new Map() },
        emptyCaptions: occurrences(),
        captionsWithoutPicture: occurrences(),
      };
  return {
    description: `the folder ${folder}`,
    captionsFrom: !found ? null : found.from === "beside" ? "name.txt beside each picture" : found.from,
    root: files.root,
    pictures: files.pictures,
    ...joined,
    sources: [
      { role: "pictures", file: folder, rows: files.pictures.length, bytes, dtype: null },
      ...(found ? [found.records.origin] : []),
    ],
    skipped: files.skipped,
    otherFiles: others,
    leftOutColumns: (found?.records.leftOut ?? []).map(({ column, reason }) => ({
      file: found?.from ?? folder,
      column,
      reason,
    })),
  };
}

interface Found {
  readonly records: CaptionRecords;
  /** The file, or "beside". */
  readonly from: string;
}

async function captionRecords(
  folder: string,
  files: FolderFiles,
  options: SourceOptions,
): Promise<Found | undefined> {
  const { captions, captionFormat = "auto" } = options;
  if (captionFormat === "none") {
    if (captions !== undefined) throw badUsage("--captions names a file and --caption-format says none.");
    return undefined;
  }
  const isBeside = captionFormat === "txt" || captionFormat === "txt-whole";
  if (captions !== undefined) {
    if (isBeside) {
      throw badUsage(
        `--caption-format ${captionFormat} is of files beside the pictures; leave --captions away.`,
      );
    }
    return fromFile(captions, captionFormat, options);
  }
  if (!isBeside) {
    const inside = await usualFiles(files.root, captionFormat);
    const [only] = inside;
    if (inside.length > 1) {
      throw badInput(
        `${folder} holds ${inside.join(" and ")}; say which holds the captions with --captions, or leave them alone with --caption-format none.`,
      );
    }
    if (only !== undefined) return fromFile(join(folder, only), captionFormat, options, true);
    if (captionFormat !== "auto") {
      throw badInput(
        `${folder} holds no file of captions of the format ${captionFormat}; name it with --captions.`,
      );
    }
  }
  if (options.fileColumn !== undefined || options.captionColumn !== undefined) {
    throw badUsage("--file-column and --caption-column are of tables; name one with --captions.");
  }
  if (files.texts.length === 0 && !isBeside) return undefined;
  return { records: await captionsBeside(folder, files, captionFormat === "txt-whole"), from: "beside" };
}

async function fromFile(
  path: string,
  format: "auto" | CaptionFileFormat,
  options: SourceOptions,
  isGuessed = false,
): Promise<Found> {
  try {
    const told = format === "auto" ? await captionFileFormat(path) : format;
    return { records: await captionFile(path, told, options), from: path };
  } catch (error) {
    if (!isGuessed || !(error instanceof ViaductError)) throw error;
    throw badInput(
      `${error.message.replace(/[.;]$/, "")}; or leave it alone with --caption-format none (or txt)`,
      error,
    );
  }
}

async function usualFiles(root: string, format: "auto" | CaptionFileFormat): Promise<string[]> {
  const names = (await readdir(root)).filter((name) => usual.some((pattern) => pattern.test(name))).sort();
  if (format === "auto") return names;
  const formats = await Promise.all(
    names.map((name) => captionFileFormat(join(root, name)).catch(() => undefined)),
  );
  return names.filter((_, at) => formats[at] === format);
}
