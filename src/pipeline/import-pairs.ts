/** Pairs of image and text rows: given by a table or by row, checked, renumbered. */
import type { PairTable } from "../base/rows.ts";
import { badInput } from "../base/errors.ts";
import type { Cell, Table } from "../formats/table.ts";
import { rowNumber } from "./row-number.ts";

const imageNames = ["image_row", "image", "image_index"];
const textNames = ["text_row", "text", "text_index"];

export const noPairs: PairTable = { image: new Uint32Array(0), text: new Uint32Array(0) };

/** Row i of the images with row i of the texts. */
export function pairsByRow(rows: number): PairTable {
  const image = Uint32Array.from({ length: rows }, (_, i) => i);
  return { image, text: image.slice() };
}

/** Reads `image_row, text_row`, 0-based. */
export function pairsFrom(table: Table, imageRows: number, textRows: number): PairTable {
  return {
    image: rowNumbers(table, imageNames, imageRows, "image"),
    text: rowNumbers(table, textNames, textRows, "text"),
  };
}

function rowNumbers(table: Table, names: readonly string[], rows: number, modality: string): Uint32Array {
  const name = names.find((wanted) => table.columns.has(wanted));
  const cells = name === undefined ? undefined : table.columns.get(name);
  if (cells === undefined) {
    throw badInput(
      `${table.name} has the columns ${[...table.columns.keys()].join(", ")}; expected image_row and text_row, row numbers from 0.`,
    );
  }
  return Uint32Array.from(cells, (cell: Cell, at) => {
    const row = rowNumber(cell);
    if (Number.isNaN(row)) {
      throw badInput(
        `${table.name} pair ${at + 1} has ${name} ${JSON.stringify(cell)}; expected a row number from 0.`,
      );
    }
    if (row < 0 || row >= rows) {
      throw badInput(
        `${table.name} pair ${at + 1} names ${modality} row ${row}; expected 0 to ${rows - 1}, as there are ${rows.toLocaleString("en-US")} ${modality} rows: correct the table or name the one that belongs to these embeddings.`,
      );
    }
    return row;
  });
}

export const droppedRow = 0xffffffff;

/** Pairs of kept rows under their new numbers; `renumber` holds `droppedRow` for the others. */
export function renumberPairs(pairs: PairTable, image: Uint32Array, text: Uint32Array): PairTable {
  const kept: number[] = [];
  for (let p = 0; p < pairs.image.length; p++) {
    if (image[pairs.image[p]!] !== droppedRow && text[pairs.text[p]!] !== droppedRow) kept.push(p);
  }
  return {
    image: Uint32Array.from(kept, (p) => image[pairs.image[p]!]!),
    text: Uint32Array.from(kept, (p) => text[pairs.text[p]!]!),
  };
}

/** Rows in no pair. */
export function unpairedRows(rows: number, paired: Uint32Array): number {
  const seen = new Uint8Array(rows);
  for (const row of paired) seen[row] = 1;
  return rows - seen.reduce((sum, flag) => sum + flag, 0);
}

/** Pairs that repeat an earlier one. */
export function repeatedPairs(pairs: PairTable, textRows: number): number {
  const seen = new Set<number>();
  for (let p = 0; p < pairs.image.length; p++) seen.add(pairs.image[p]! * textRows + pairs.text[p]!);
  return pairs.image.length - seen.size;
}
