/** Conditions on item columns: `source=met`, `source=met,coco`, `split!=test`. */
import { badInput, badUsage } from "../../base/errors.ts";
import { modalities, type Modality } from "../../base/rows.ts";
import type { Cell } from "../../formats/table.ts";
import { itemColumns, type ItemTable } from "../embedding-set-items.ts";

export interface Condition {
  readonly column: string;
  readonly values: readonly string[];
  /** `!=`: none of the values. */
  readonly negated: boolean;
}

export function parseCondition(given: string): Condition {
  const [, column = "", sign, list = ""] = /^([^=!]+)(!?=)(.*)$/.exec(given) ?? [];
  const values = list.split(",").map((value) => value.trim());
  if (sign === undefined || column.trim() === "" || values.includes("")) {
    throw badUsage(
      `where is "${given}"; expected column=value, column!=value or column=value,value, such as source=met`,
    );
  }
  return { column: column.trim(), values, negated: sign === "!=" };
}

type Items = Readonly<Record<Modality, ItemTable>>;

/** For each row of a modality whether it fulfils the condition; an empty cell has none of the values. */
export async function rowsWhere(
  items: Items,
  condition: Condition,
): Promise<Readonly<Record<Modality, Uint8Array>>> {
  const { column, values, negated } = condition;
  const cells = { image: await cellsOf(items.image, column), text: await cellsOf(items.text, column) };
  if (cells.image === null && cells.text === null) {
    throw badInput(`no item has a column "${column}"; there are ${columnsOf(items).join(", ")}`);
  }
  const counts = new Map<string, number>();
  for (const modality of modalities) {
    for (const cell of cells[modality] ?? []) {
      if (cell !== null) counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1);
    }
  }
  const unknown = values.filter((value) => !counts.has(value));
  if (unknown.length > 0) {
    throw badInput(
      `no row has ${column} ${unknown.map((value) => `"${value}"`).join(" or ")}; it is ${valuesIn(counts)}`,
    );
  }
  const fulfilled = (modality: Modality): Uint8Array => {
    const found = cells[modality];
    return Uint8Array.from({ length: items[modality].rows }, (_, row) => {
      const cell = found?.[row] ?? null;
      const among = cell !== null && values.includes(String(cell));
      return among === negated ? 0 : 1;
    });
  };
  return { image: fulfilled("image"), text: fulfilled("text") };
}

async function cellsOf(table: ItemTable, column: string): Promise<readonly Cell[] | null> {
  const known: readonly string[] = [...itemColumns, ...table.furtherColumns];
  return known.includes(column) ? table.column(column) : null;
}

function columnsOf(items: Items): string[] {
  return [...new Set([...itemColumns, ...items.image.furtherColumns, ...items.text.furtherColumns])];
}

/** All of few values, some of many: a column of file names shall not fill the screen. */
const shownOf = (values: number): number => (values > 50 ? 3 : 12);

/** "met (4,000), coco (3,000), … 7 more", the commonest first. */
function valuesIn(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return "empty everywhere";
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = sorted
    .slice(0, shownOf(sorted.length))
    .map(([value, n]) => `${value} (${n.toLocaleString("en-US")})`);
  const rest = sorted.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? `, … ${rest.toLocaleString("en-US")} more` : ""}`;
}
