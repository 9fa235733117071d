/** One file of captions, read as what it is. */
import { open, readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { badInput, badUsage } from "../../../base/errors.ts";
import { readCsv } from "../../../formats/csv.ts";
import { cannotRead } from "../../../platform/node/files/file-source.ts";
import type { CaptionRecords } from "./caption-records.ts";
import { jsonRecords } from "./coco.ts";
import { flickrRecords, isFlickr } from "./flickr.ts";
import { recordsOfTable, tableRecords, type ColumnChoice } from "./table.ts";

/** `json` is COCO's and Karpathy's. */
export const captionFileFormats = ["table", "json", "flickr"] as const;
export type CaptionFileFormat = (typeof captionFileFormats)[number];

const tables = [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".pq"];
/** Endings of files that may hold captions of many pictures. */
export const captionFileEndings: readonly string[] = [...tables, ".json", ".txt", ".token"];

/** Enough to tell a format by its first lines. */
const glance = 4096;

export async function captionFileFormat(path: string): Promise<CaptionFileFormat> {
  const ending = extname(path).toLowerCase();
  if (!captionFileEndings.includes(ending)) {
    throw badInput(
      `${path} is no file of captions that can be read; expected one ending in ${captionFileEndings.join(", ")}.`,
    );
  }
  if (ending === ".json") return "json";
  if (ending === ".jsonl" || ending === ".ndjson" || ending === ".parquet" || ending === ".pq")
    return "table";
  const start = await startOf(path);
  if (isFlickr(start)) return "flickr";
  if (tables.includes(ending)) return "table";
  // The copy of Flickr8k that Kaggle has is a CSV called captions.txt.
  if (/^[^\n]*,[^\n]*\n/.test(start)) return "table";
  throw badInput(
    `${path} begins with "${start.split("\n", 1)[0]?.slice(0, 60) ?? ""}"; expected captions as Flickr8k has them ("name.jpg#0<tab>caption"), or a header line such as "image,caption".`,
  );
}

export async function captionFile(
  path: string,
  format: CaptionFileFormat,
  choice: ColumnChoice,
): Promise<CaptionRecords> {
  const ending = extname(path).toLowerCase();
  if (format !== "table" && (choice.fileColumn !== undefined || choice.captionColumn !== undefined)) {
    throw badUsage(`${path} is no table; leave --file-column and --caption-column away.`);
  }
  if (format === "table" && tables.includes(ending)) return tableRecords(path, choice);
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(path, error);
  });
  if (format === "table") {
    const table = readCsv(path, content);
    return recordsOfTable({ table, bytes: content.length, typed: false }, choice);
  }
  const text = content.toString("utf8");
  return format === "json"
    ? jsonRecords(path, text, content.length)
    : flickrRecords(path, text, content.length);
}

async function startOf(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(path, error);
  });
  if (!found.isFile()) throw badInput(`${path} is no file; expected a file of captions.`);
  const handle = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(path, error);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(glance), 0, glance, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
