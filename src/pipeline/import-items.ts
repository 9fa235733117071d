/** From an item table in the user's words to the columns of an embedding set. */
import { badInput } from "../base/errors.ts";
import type { Modality } from "../base/rows.ts";
import type { Cell, Table } from "../formats/table.ts";
import type { TableFile } from "../platform/node/files/table-file.ts";
import { rowNumber } from "./row-number.ts";

/** Items in the order of the rows. */
export interface Items {
  readonly rows: number;
  readonly file: readonly (string | null)[];
  readonly caption: readonly (string | null)[];
  readonly source: readonly (string | null)[];
  readonly further: ReadonlyMap<string, readonly Cell[]>;
}

/** Names that are taken for the column, the earliest one first. Case does not matter. */
export const itemColumnNames = {
  file: [
    "file",
    "path",
    "image_path",
    "file_path",
    "filepath",
    "file_name",
    "filename",
    "image_file",
    "image",
    "url",
    "image_url",
    "uri",
  ],
  caption: ["caption", "text", "title", "description", "sentence"],
  source: ["source", "dataset"],
} as const;

/** Rows that nothing is known about. */
export function noItems(rows: number): Items {
  const empty = Array.from<null>({ length: rows }).fill(null);
  return { rows, file: empty, caption: empty, source: empty, further: new Map() };
}

/**
 * Checks that the table has one item for each of `rows` embeddings, and names its columns. `row`,
 * or `image_row` for images and `text_row` for texts, orders them; the other modality's row
 * numbers are a column like any other.
 */
export function itemsFrom(
  { table, typed }: TableFile,
  rows: number,
  embeddings: string,
  modality: Modality,
): Items {
  if (table.rows !== rows) {
    throw badInput(
      `${table.name} has ${number(table.rows)} items and ${embeddings} ${number(rows)} rows; expected one item for each row: complete the table or name the one that belongs to these embeddings.`,
    );
  }
  const find = (wanted: readonly string[]): string | undefined => findColumn(table, wanted);
  const chosen = {
    row: find(["row", `${modality}_row`]),
    file: find(itemColumnNames.file),
    caption: find(itemColumnNames.caption),
    source: find(itemColumnNames.source),
  };
  const order =
    chosen.row === undefined ? undefined : orderOf(table.name, column(chosen.row), rows, chosen.row);
  function column(name: string | undefined): readonly Cell[] {
    return (name === undefined ? undefined : table.columns.get(name)) ?? [];
  }
  function ordered<T>(cells: readonly T[]): readonly T[] {
    return order ? Array.from(order, (at) => cells[at] as T) : cells;
  }
  const text = (name: string | undefined): readonly (string | null)[] =>
    name === undefined ? noItems(rows).file : ordered(column(name).map(asText));
  const taken = new Set(Object.values(chosen));
  const further = new Map<string, readonly Cell[]>();
  for (const [name, cells] of table.columns) {
    if (!taken.has(name)) further.set(name, ordered(typed ? cells : numbersIn(cells)));
  }
  return {
    rows,
    file: text(chosen.file),
    caption: text(chosen.caption),
    source: text(chosen.source),
    further,
  };
}

/** The table's name for the first of the `wanted` ones that it has. */
export function findColumn(table: Table, wanted: readonly string[]): string | undefined {
  for (const name of wanted) {
    const found = [...table.columns.keys()].find((column) => column.toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Item tables of shards, one after the other. A column that a shard lacks is empty there. */
export function joinItems(parts: readonly Items[]): Items {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const further = new Map<string, readonly Cell[]>();
  for (const name of new Set(parts.flatMap((part) => [...part.further.keys()]))) {
    further.set(
      name,
      parts.flatMap((part) => part.further.get(name) ?? noItems(part.rows).file),
    );
  }
  return {
    rows,
    file: parts.flatMap((part) => part.file),
    caption: parts.flatMap((part) => part.caption),
    source: parts.flatMap((part) => part.source),
    further,
  };
}

/** The items of the rows that `keep` names. */
export function keepItems(items: Items, keep: Uint32Array): Items {
  if (keep.length === items.rows) return items;
  const pick = <T>(cells: readonly T[]): readonly T[] => Array.from(keep, (row) => cells[row] as T);
  return {
    rows: keep.length,
    file: pick(items.file),
    caption: pick(items.caption),
    source: pick(items.source),
    further: new Map([...items.further].map(([name, cells]) => [name, pick(cells)])),
  };
}

/** For each row, where the table has it; undefined when the table is in order. */
function orderOf(table: string, cells: readonly Cell[], rows: number, name: string): Uint32Array | undefined {
  const order = new Uint32Array(rows).fill(0xffffffff);
  let inOrder = true;
  for (const [at, cell] of cells.entries()) {
    const row = rowNumber(cell);
    if (!(row >= 0 && row < rows)) {
      throw badInput(
        `${table} item ${at + 1} has ${name} ${JSON.stringify(cell)}; expected a whole number from 0 to ${number(rows - 1)}: correct it or leave the column out.`,
      );
    }
    if (order[row] !== 0xffffffff) {
      throw badInput(
        `${table} has ${name} ${row} twice; expected every row once: correct it or leave the column out.`,
      );
    }
    order[row] = at;
    if (row !== at) inOrder = false;
  }
  return inOrder ? undefined : order;
}

export function asText(cell: Cell): string | null {
  return cell === null || cell === "" ? null : String(cell);
}

/** Text cells become numbers where all of them are, written as we would: "007", "1.10" and 2^53 + 1 stay text. An empty cell is null. */
export function numbersIn(cells: readonly Cell[]): readonly Cell[] {
  const isNumber = (cell: Cell): boolean =>
    cell === "" || (Number.isFinite(Number(cell)) && String(Number(cell)) === cell);
  const numeric = cells.some((cell) => cell !== "") && cells.every(isNumber);
  return cells.map((cell) => (cell === "" ? null : numeric ? Number(cell) : cell));
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
