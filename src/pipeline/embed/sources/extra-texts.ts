/** Texts without pictures, behind the captions: a line each, or a column of a table. */
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { badInput } from "../../../base/errors.ts";
import type { Cell } from "../../../formats/table.ts";
import { cannotRead } from "../../../platform/node/files/file-source.ts";
import { occurred, occurrences, type Listing } from "./listing.ts";
import { tableTexts, type ColumnChoice } from "./table.ts";

export async function withTexts(listing: Listing, path: string, choice: ColumnChoice): Promise<Listing> {
  const { captions, source, further, origin, leftOut } =
    extname(path).toLowerCase() === ".txt" ? await lines(path) : await tableTexts(path, choice);
  const empty = { ...listing.emptyCaptions, first: [...listing.emptyCaptions.first] };
  const text: string[] = [];
  const from: number[] = [];
  for (const [record, given] of captions.entries()) {
    for (const one of given) {
      if (one.trim() === "") occurred(empty, `${path} record ${(record + 1).toLocaleString("en-US")}`);
      else from[text.push(one) - 1] = record;
    }
  }
  if (text.length === 0) throw badInput(`${path} holds no text; expected at least one.`);
  const before = listing.captions;
  const columns = new Set([...before.further.keys(), ...further.keys()]);
  const joined = (name: string): Cell[] => [
    ...(before.further.get(name) ?? before.text.map(() => null)),
    ...from.map((record) => further.get(name)?.[record] ?? null),
  ];
  return {
    ...listing,
    captions: {
      text: [...before.text, ...text],
      picture: [...before.picture, ...text.map(() => -1)],
      source: [...before.source, ...from.map((record) => source[record] ?? null)],
      further: new Map([...columns].map((name) => [name, joined(name)])),
    },
    sources: [...listing.sources, origin],
    emptyCaptions: empty,
    leftOutColumns: [
      ...listing.leftOutColumns,
      ...leftOut.map(({ column, reason }) => ({ file: path, column, reason })),
    ],
  };
}

/** A set of texts alone begins from this. */
export function nothingListed(): Listing {
  return {
    description: "no pictures",
    captionsFrom: null,
    root: null,
    pictures: [],
    source: [],
    further: new Map(),
    captions: { text: [], picture: [], source: [], further: new Map() },
    sources: [],
    skipped: [],
    emptyCaptions: occurrences(),
    captionsWithoutPicture: occurrences(),
    otherFiles: new Map(),
    leftOutColumns: [],
  };
}

async function lines(path: string): ReturnType<typeof tableTexts> {
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(path, error);
  });
  const texts = content
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/);
  // The file's last line break ends its last line.
  if (texts.at(-1) === "") texts.pop();
  return {
    captions: texts.map((text) => [text]),
    source: texts.map(() => null),
    further: new Map(),
    origin: { role: "texts", file: path, rows: texts.length, bytes: content.length, dtype: null },
    leftOut: [],
  };
}
