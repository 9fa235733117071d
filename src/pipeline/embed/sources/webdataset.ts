/**
 * WebDataset archives as img2dataset writes them: `key.jpg`, `key.txt` and `key.json` lie together and
 * share the name up to its first dot. Only headers, captions and JSON are read here; a picture is read
 * from its place in the archive when its turn comes.
 */
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { badInput, ViaductError } from "../../../base/errors.ts";
import { readBytes } from "../../../formats/byte-source.ts";
import { toCell, type Cell } from "../../../formats/table.ts";
import { readTarIndex, type TarMember } from "../../../formats/tar.ts";
import { openFile, type FileSource } from "../../../platform/node/files/file-source.ts";
import type { SetSource } from "../../../protocol/embedding-set.ts";
import { occurred, occurrences, type ListedPicture, type Listing, type SkippedPicture } from "./listing.ts";
import { isPictureName } from "./picture-endings.ts";

export interface WebDatasetOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of archives looked through. */
  readonly onArchive?: (done: number) => void;
  /** Leave the archives' captions alone. */
  readonly withoutCaptions?: boolean;
}

/** What belongs to one key. */
interface Sample {
  readonly pictures: TarMember[];
  readonly texts: TarMember[];
  json: TarMember | null;
}

/** Camera data of img2dataset: a long text of no use here. */
const unwanted = "exif";

/** What the report calls members that point to another one; tar makes them of files with two names. */
const linkKind = "links inside archives";

export async function webDataset(
  archives: readonly string[],
  { signal, onArchive, withoutCaptions = false }: WebDatasetOptions = {},
): Promise<Listing> {
  const pictures: ListedPicture[] = [];
  const text: string[] = [];
  const picture: number[] = [];
  const columns = new Map<string, Cell[]>();
  const sources: SetSource[] = [];
  const skipped: SkippedPicture[] = [];
  const [emptyCaptions, captionsWithoutPicture] = [occurrences(), occurrences()];
  const others = new Map<string, number>();
  const leftOutColumns: { file: string; column: string; reason: string }[] = [];
  const names = archiveNames(archives);

  function describe(row: number, known: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(known)) {
      if (name === "caption" || name === "captions" || name === unwanted) continue;
      let column = columns.get(name);
      if (!column) columns.set(name, (column = []));
      while (column.length < row) column.push(null);
      column[row] = toCell(value);
    }
  }

  async function add(archive: FileSource, path: string, name: string, modified: number): Promise<void> {
    const { members, cutOff, links } = await readTarIndex(archive);
    if (links > 0) others.set(linkKind, (others.get(linkKind) ?? 0) + links);
    if (cutOff !== null) skipped.push({ file: `${name}/${cutOff}`, reason: "cut off" });
    const before = pictures.length;
    let hasUnwanted = false;
    for (const [key, sample] of samplesOf(members, others)) {
      if (signal?.aborted) {
        throw new ViaductError("cancelled", "Stopped while the archives were being looked through.");
      }
      const known = sample.json === null ? {} : await jsonOf(archive, sample.json);
      if (known === null) count(others, ".json that cannot be read");
      if (known !== null && unwanted in known) hasUnwanted = true;
      const captions = withoutCaptions ? [] : await captionsOf(archive, sample, known ?? {});
      const first = pictures.length;
      for (const { name: member, start, bytes } of sample.pictures) {
        describe(pictures.length, { archive: name, key, ...known });
        pictures.push({ file: `${name}/${member}`, path, start, bytes, modified });
      }
      for (const caption of captions) {
        if (caption.trim() === "") occurred(emptyCaptions, `${name}/${key}`);
        else if (sample.pictures.length === 0) occurred(captionsWithoutPicture, `${name}/${key}`);
        else picture[text.push(caption) - 1] = first;
      }
    }
    if (hasUnwanted) leftOutColumns.push({ file: archive.name, column: unwanted, reason: "camera data" });
    const rows = pictures.length - before;
    sources.push({ role: "archive", file: archive.name, rows, bytes: archive.byteLength, dtype: null });
  }

  for (const [at, path] of archives.entries()) {
    const archive = await openFile(path);
    try {
      await add(archive, resolve(path), names[at]!, (await stat(path)).mtimeMs);
    } finally {
      await archive.close();
    }
    onArchive?.(at + 1);
  }
  if (pictures.length === 0 && skipped.length === 0) {
    throw badInput(
      `${archives.join(", ")}: no pictures; expected key.jpg with key.txt or key.json, as img2dataset writes them.`,
    );
  }
  for (const [name, cells] of columns) {
    while (cells.length < pictures.length) cells.push(null);
    if (cells.every((cell) => cell === null)) columns.delete(name);
  }
  const ofCaptions = (cells: readonly Cell[]): Cell[] => picture.map((at) => cells[at] ?? null);
  return {
    description: archives.length === 1 ? `the archive ${archives[0]}` : `${archives.length} archives`,
    captionsFrom: text.length > 0 ? "the archives" : null,
    root: null,
    pictures,
    source: pictures.map(() => null),
    further: columns,
    captions: {
      text,
      picture,
      source: text.map(() => null),
      further: new Map([...columns].map(([name, cells]) => [name, ofCaptions(cells)])),
    },
    sources,
    skipped,
    emptyCaptions,
    captionsWithoutPicture,
    otherFiles: others,
    leftOutColumns,
  };
}

/** The archives' bare names, as item tables name them; paths where two are called the same. */
function archiveNames(archives: readonly string[]): readonly string[] {
  const bare = archives.map((path) => basename(path));
  return new Set(bare).size === bare.length ? bare : archives;
}

/** "folder/0001.seg.png" has the key "folder/0001". */
function keyOf(name: string): string {
  const slash = name.lastIndexOf("/");
  const dot = name.indexOf(".", slash + 1);
  return dot < 0 ? name : name.slice(0, dot);
}

function samplesOf(members: readonly TarMember[], others: Map<string, number>): Map<string, Sample> {
  const samples = new Map<string, Sample>();
  for (const member of members) {
    // What macOS and others leave in archives.
    if (/(^|\/)(\.[^./]|__MACOSX\/)/.test(member.name)) continue;
    const key = keyOf(member.name);
    const ending = member.name.slice(key.length).toLowerCase();
    const isPicture = isPictureName(member.name);
    if (!isPicture && !/\.(txt|json)$/.test(ending)) {
      count(others, ending || "without an ending");
      continue;
    }
    let sample = samples.get(key);
    if (!sample) samples.set(key, (sample = { pictures: [], texts: [], json: null }));
    if (isPicture) sample.pictures.push(member);
    else if (ending.endsWith(".txt")) sample.texts.push(member);
    else sample.json = member;
  }
  return samples;
}

function count(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

const decoder = new TextDecoder("utf-8");

async function readText(archive: FileSource, { start, bytes }: TarMember): Promise<string> {
  return decoder.decode(await readBytes(archive, start, bytes));
}

/** What is known of a picture beside its captions; null where the file is no JSON object. */
async function jsonOf(
  archive: FileSource,
  member: TarMember,
): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const value = JSON.parse(await readText(archive, member)) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return null;
}

/** Text files first, one caption each: img2dataset repeats their content in the JSON. */
async function captionsOf(
  archive: FileSource,
  sample: Sample,
  known: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  if (sample.texts.length > 0) {
    const captions: string[] = [];
    for (const member of sample.texts) captions.push((await readText(archive, member)).trim());
    return captions;
  }
  const given = known["captions"] ?? known["caption"];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list.filter((caption) => typeof caption === "string");
}
