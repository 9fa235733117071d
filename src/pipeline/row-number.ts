/** Row numbers as tables write them. */
import type { Cell } from "../formats/table.ts";

/** The whole number that the cell says in plain digits, spaces around them aside; NaN for all else. */
export function rowNumber(cell: Cell): number {
  if (typeof cell === "string") return /^\d+$/.test(cell.trim()) ? Number(cell) : NaN;
  const value = typeof cell === "number" || typeof cell === "bigint" ? Number(cell) : NaN;
  return Number.isInteger(value) ? value : NaN;
}
