/**
 * CSV with a header line (RFC 4180: quotes, doubled quotes, line breaks inside quotes; a byte
 * order mark is skipped; so are empty lines, but where a table has one column). Cells stay text: what is a number is for the reader of the table to say.
 */
import type { Cell, Table } from "./table.ts";
import { badInput } from "../base/errors.ts";
import { CsvError, parse } from "csv-parse/sync";

export function readCsv(name: string, bytes: Uint8Array): Table {
  const delimiter = /\.tsv$/i.test(name) ? "\t" : ",";
  let header: string[] = [];
  let columns: Cell[][] = [];
  let rows = 0;
  try {
    parse(bytes, {
      bom: true,
      delimiter,
      relax_column_count: true,
      on_record: (record: string[], { lines }: { lines: number }) => {
        // An empty line is a row only where it can be one: an empty cell of a single column.
        if (record.length === 1 && record[0] === "" && header.length !== 1) return null;
        if (columns.length === 0) {
          header = record.map((column) => column.trim());
          columns = header.map(() => []);
          checkHeader(name, header);
          return null;
        }
        if (record.length !== header.length) {
          throw badInput(
            `${name} line ${lines} has ${record.length} cells; expected ${header.length} (${header.join(", ")}); quote cells that hold a comma.`,
          );
        }
        for (let c = 0; c < record.length; c++) columns[c].push(record[c]);
        rows++;
        return null;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) {
      throw badInput(
        `${name} is no valid CSV: ${error.message}; expected quoted cells and a header line.`,
        error,
      );
    }
    throw error;
  }
  if (columns.length === 0)
    throw badInput(`${name} is empty; expected a header line and one line for each row.`);
  return { name, rows, columns: new Map(header.map((column, c) => [column, columns[c]])), leftOut: [] };
}

function checkHeader(name: string, header: readonly string[]): void {
  const twice = header.find((column, c) => header.indexOf(column) !== c);
  if (twice !== undefined) {
    throw badInput(`${name} names the column "${twice}" twice; expected a header line with different names.`);
  }
}

/** Writes a table as CSV text. */
export function writeCsv(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [header.map(quoted).join(",")];
  for (const row of rows) lines.push(row.map(quoted).join(","));
  return `${lines.join("\n")}\n`;
}

function quoted(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
