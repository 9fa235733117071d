/** The numbers behind a chart, for eyes and screen readers. */
import "./chart-table.css";
import type { JSX } from "preact";
import type { Cell, Table } from "../../stores/csv-text.ts";
import { count, significant } from "../number-text.ts";
import { ownKeys } from "../own-keys.ts";

/** Rows on the page; the rest are in the CSV, and the table says so. */
const longest = 500;

export function ChartTable({ table, label }: { table: Table; label: string }): JSX.Element {
  const shown = table.rows.slice(0, longest);
  return (
    <div class="chart-table" tabIndex={0} {...ownKeys} role="region" aria-label={`Table: ${label}`}>
      <table>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, i) => (
            <tr key={i}>
              {row.map((cell, k) => (
                <td key={k} class={typeof cell === "string" ? undefined : "number"} dir="auto">
                  {cellText(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > longest && (
        <p>
          The first {count(longest)} of {count(table.rows.length)} rows; the CSV has them all.
        </p>
      )}
    </div>
  );
}

function cellText(cell: Cell): string {
  if (typeof cell === "number") return Number.isInteger(cell) ? count(cell) : significant(cell, 4);
  return cell === null ? "–" : String(cell);
}
