/**
 * A table in memory, by column. What readers of CSV, JSON lines and Parquet make, and what the
 * Parquet writer takes.
 */
export type Cell = string | number | bigint | boolean | null;

export interface Table {
  /** What messages call it. */
  readonly name: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, readonly Cell[]>;
  /** Columns that were there and cannot be kept, with the reason. */
  readonly leftOut: readonly { readonly column: string; readonly reason: string }[];
}

/** Nested values become JSON text, dates ISO text, whole bigints numbers where they fit. */
export function toCell(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return value;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    default:
      return value instanceof Date ? value.toISOString() : JSON.stringify(value, plain);
  }
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
