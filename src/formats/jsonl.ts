/** JSON lines: one object a line; a key that is missing on a line is null there. */
import type { Cell, Table } from "./table.ts";
import { badInput } from "../base/errors.ts";
import { toCell } from "./table.ts";

const newline = 10;

export function readJsonLines(name: string, bytes: Uint8Array): Table {
  const decoder = new TextDecoder("utf-8");
  const columns = new Map<string, Cell[]>();
  let rows = 0;
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    let end = bytes.indexOf(newline, start);
    if (end < 0) end = bytes.length;
    line++;
    const text = decoder.decode(bytes.subarray(start, end)).trim();
    start = end + 1;
    if (text === "") continue;
    for (const [key, value] of Object.entries(parseLine(name, line, text))) {
      let column = columns.get(key);
      if (!column) columns.set(key, (column = []));
      while (column.length < rows) column.push(null);
      column.push(toCell(value));
    }
    rows++;
  }
  for (const column of columns.values()) while (column.length < rows) column.push(null);
  return { name, rows, columns, leftOut: [] };
}

function parseLine(name: string, line: number, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badInput(
      `${name} line ${line} is no JSON: ${(error as Error).message}; expected one object a line.`,
      error,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badInput(`${name} line ${line} holds ${text.slice(0, 40)}; expected one JSON object a line.`);
  }
  return value;
}
