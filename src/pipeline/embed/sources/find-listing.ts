/** What the user named, told apart: a folder, pictures, a file of captions, archives. */
import { readdir, stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { badInput, badUsage } from "../../../base/errors.ts";
import { cannotRead } from "../../../platform/node/files/file-source.ts";
import { expandBraces } from "./brace-range.ts";
import {
  captionFile,
  captionFileEndings,
  captionFileFormat,
  captionFileFormats,
  type CaptionFileFormat,
} from "./caption-file.ts";
import { folderListing } from "./folder-listing.ts";
import { listFolder } from "./folder.ts";
import type { Listing } from "./listing.ts";
import { isPictureName, pictureEndings } from "./picture-endings.ts";
import { pictureFiles } from "./picture-files.ts";
import { recordListing } from "./record-listing.ts";
import type { SourceOptions } from "./source-options.ts";
import { webDataset } from "./webdataset.ts";

export interface SourceEffects {
  readonly signal?: AbortSignal | undefined;
  /** Called while archives are looked through. */
  readonly onArchive?: ((done: number, total: number) => void) | undefined;
}

export async function findListing(options: SourceOptions, effects: SourceEffects = {}): Promise<Listing> {
  const inputs: string[] = [];
  for (const input of options.inputs) inputs.push(...((await kindOf(input)) ? [input] : expandBraces(input)));
  const [first] = inputs;
  if (first === undefined) throw badUsage("No pictures are named; give a folder, a table or archives.");
  const endings = new Set(inputs.map((input) => extname(input).toLowerCase()));
  if (inputs.every(isPictureName)) {
    const files = await pictureFiles(inputs);
    return folderListing(files.root, files, options);
  }
  if ([...endings].every((ending) => ending === ".tar")) return archiveListing(inputs, options, effects);
  if (/\.(tar\.(gz|zst|bz2|xz)|tgz)$/i.test(first)) {
    throw badInput(
      `${first} is compressed; expected an uncompressed .tar, whose pictures can be read in any order: unpack it first (gunzip).`,
    );
  }
  if (inputs.length > 1) {
    throw badUsage(
      `${inputs.length} inputs are named (${inputs.slice(0, 3).join(", ")}${inputs.length > 3 ? ", …" : ""}); expected one folder, one file of captions, or only pictures, or only .tar archives.`,
    );
  }
  if ((await mustBe(first)) === "folder") return oneFolder(first, options, effects);
  if (!captionFileEndings.includes(extname(first).toLowerCase())) {
    throw badInput(
      `${first} is no picture, table or archive that can be read; expected ${pictureEndings}, ${captionFileEndings.join(", ")} or .tar.`,
    );
  }
  return fileListing(first, options);
}

async function oneFolder(folder: string, options: SourceOptions, effects: SourceEffects): Promise<Listing> {
  if (options.imageRoot !== undefined) {
    throw badUsage(`${folder} is the folder of the pictures itself; leave --image-root away.`);
  }
  const files = await listFolder(folder, effects.signal);
  if (files.pictures.length + files.skipped.length > 0) return folderListing(folder, files, options);
  const archives = (await readdir(folder)).filter((name) => /^[^.].*\.tar$/i.test(name));
  if (archives.length > 0) {
    const byNumber = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });
    return archiveListing(
      archives.sort(byNumber).map((name) => join(folder, name)),
      options,
      effects,
    );
  }
  const others = [...files.others].map(([ending, count]) => `${count} ${ending}`).join(", ");
  throw badInput(
    `${folder} holds no pictures${others === "" ? "" : ` (it has ${others})`}; expected files ending in ${pictureEndings}, or .tar archives.`,
  );
}

async function archiveListing(
  archives: readonly string[],
  { captions, captionFormat = "auto", imageRoot }: SourceOptions,
  { signal, onArchive }: SourceEffects,
): Promise<Listing> {
  if (captions !== undefined || imageRoot !== undefined) {
    throw badUsage("Archives hold their own captions; leave --captions and --image-root away.");
  }
  if (captionFormat !== "auto" && captionFormat !== "none") {
    throw badUsage(
      `--caption-format is ${captionFormat}; archives hold their captions as key.txt or key.json: leave it away, or give none.`,
    );
  }
  return webDataset(archives, {
    signal,
    withoutCaptions: captionFormat === "none",
    onArchive: (done) => onArchive?.(done, archives.length),
  });
}

async function fileListing(path: string, options: SourceOptions): Promise<Listing> {
  const { captions, captionFormat = "auto", imageRoot = dirname(path) } = options;
  if (captions !== undefined) {
    throw badUsage(
      `${path} names the pictures and their captions itself; leave --captions away, or give the folder of the pictures in its place.`,
    );
  }
  if (captionFormat === "txt" || captionFormat === "txt-whole") {
    throw badUsage(`--caption-format is ${captionFormat}; it needs a folder of pictures, ${path} is a file.`);
  }
  const isTold = (captionFileFormats as readonly string[]).includes(captionFormat);
  const format = isTold ? (captionFormat as CaptionFileFormat) : await captionFileFormat(path);
  const records = await captionFile(path, format, options);
  return recordListing(
    path,
    captionFormat === "none" ? { ...records, captions: [], hasCaptions: false } : records,
    imageRoot,
  );
}

async function kindOf(path: string): Promise<"folder" | "file" | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? "folder" : "file");
}

async function mustBe(path: string): Promise<"folder" | "file"> {
  const found = await stat(resolve(path)).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(path, error);
  });
  return found.isDirectory() ? "folder" : "file";
}
