/**
 * Pictures and captions in a CSV, TSV, JSON lines or Parquet table: a row for each caption, or a list
 * of captions in one cell. Columns are recognised as `import` recognises them.
 */
import { badInput } from "../../../base/errors.ts";
import type { Cell, Table } from "../../../formats/table.ts";
import { readTableFile, type TableFile } from "../../../platform/node/files/table-file.ts";
import { asText, findColumn, itemColumnNames, numbersIn } from "../../import-items.ts";
import type { CaptionRecords } from "./caption-records.ts";

export interface ColumnChoice {
  /** Default: recognised by its name. */
  readonly fileColumn?: string | undefined;
  readonly captionColumn?: string | undefined;
}

const fileNames = [...itemColumnNames.file, "image_name"];
const captionNames = [...itemColumnNames.caption, "captions", "sentences", "raw", "comment"];

export async function tableRecords(path: string, choice: ColumnChoice): Promise<CaptionRecords> {
  return recordsOfTable(await readTableFile(path), choice);
}

export function recordsOfTable({ table, bytes, typed }: TableFile, choice: ColumnChoice): CaptionRecords {
  const file = chosen(table, choice.fileColumn, "--file-column") ?? findColumn(table, fileNames);
  const caption = chosen(table, choice.captionColumn, "--caption-column") ?? findColumn(table, captionNames);
  const source = findColumn(table, itemColumnNames.source);
  if (file === undefined) {
    throw badInput(
      `${table.name} has the columns ${columnsOf(table)}; expected one that names the pictures (${fileNames.slice(0, 3).join(", ")}, …): say which with --file-column, or give texts without pictures with --texts.`,
    );
  }
  const taken = new Set([file, caption, source]);
  const further = new Map<string, readonly Cell[]>();
  for (const [name, cells] of table.columns) {
    if (!taken.has(name)) further.set(name, typed ? cells : numbersIn(cells));
  }
  const empty = (): null[] => Array.from<null>({ length: table.rows }).fill(null);
  return {
    file: cellsOf(table, file).map(asText),
    captions:
      caption === undefined ? empty().map(() => []) : cellsOf(table, caption).map((cell) => captionsIn(cell)),
    source: source === undefined ? empty() : cellsOf(table, source).map(asText),
    further,
    hasCaptions: caption !== undefined,
    origin: { role: "captions", file: table.name, rows: table.rows, bytes, dtype: null },
    leftOut: table.leftOut,
  };
}

/** Texts of a table, for texts without pictures: those of its caption column or of its only column. */
export async function tableTexts(
  path: string,
  choice: ColumnChoice,
): Promise<Pick<CaptionRecords, "captions" | "source" | "further" | "origin" | "leftOut">> {
  const read = await readTableFile(path);
  const { table } = read;
  const [only] = table.columns.keys();
  const caption =
    chosen(table, choice.captionColumn, "--caption-column") ??
    findColumn(table, captionNames) ??
    (table.columns.size === 1 ? only : undefined);
  if (caption === undefined) {
    throw badInput(
      `${path} has the columns ${columnsOf(table)}; expected one of texts (${captionNames.slice(0, 3).join(", ")}, …): say which with --caption-column.`,
    );
  }
  const file = findColumn(table, fileNames) ?? caption;
  const { captions, source, further, origin, leftOut } = recordsOfTable(read, {
    fileColumn: file,
    captionColumn: caption,
  });
  return { captions, source, further, origin: { ...origin, role: "texts" }, leftOut };
}

function chosen(table: Table, name: string | undefined, option: string): string | undefined {
  if (name === undefined || table.columns.has(name)) return name;
  throw badInput(`${table.name} has the columns ${columnsOf(table)}; ${option} says ${name}.`);
}

function columnsOf(table: Table): string {
  return [...table.columns.keys()].join(", ");
}

function cellsOf(table: Table, name: string): readonly Cell[] {
  return table.columns.get(name) ?? [];
}

/** A list of texts in one cell is kept as JSON by every reader of tables. */
function captionsIn(cell: Cell): readonly string[] {
  if (cell === null) return [""];
  const text = String(cell);
  if (!/^\s*\[\s*("|\])/.test(text)) return [text];
  try {
    const list = JSON.parse(text) as unknown;
    if (Array.isArray(list) && list.every((one) => typeof one === "string")) return list;
  } catch {
    // A caption that happens to begin like a list.
  }
  return [text];
}
