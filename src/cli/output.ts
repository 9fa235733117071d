/** Results on standard output: aligned text for people, one JSON object for programs. */

export type TextCell = string | number | null;

export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Exactly one JSON object and nothing else; what is not finite becomes null. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/** Columns aligned by their widest cell; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly TextCell[])[]): string {
  const text = [header, ...rows.map((row) => row.map((cell) => (cell === null ? "–" : String(cell))))];
  const numeric = header.map((_, column) =>
    rows.every((row) => typeof row[column] === "number" || isFigure(row[column])),
  );
  const widths = header.map((_, column) =>
    Math.max(...text.map((row) => Array.from(row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const pad = " ".repeat((widths[column] ?? 0) - Array.from(cell).length);
        return numeric[column] === true ? pad + cell : cell + pad;
      })
      .join("  ")
      .trimEnd();
  return text.map(line).join("\n");
}

function isFigure(cell: TextCell | undefined): boolean {
  return cell === null || (typeof cell === "string" && /^[-–]?[\d.,]+( %)?$/.test(cell));
}

export const figure = {
  fixed: (value: number | null | undefined, digits = 4): string =>
    value === null || value === undefined || !Number.isFinite(value) ? "–" : value.toFixed(digits),
  percent: (value: number | null | undefined): string =>
    value === null || value === undefined || !Number.isFinite(value) ? "–" : `${(100 * value).toFixed(1)} %`,
  count: (value: number): string => value.toLocaleString("en-US"),
};

/** At most `length` characters, on one line. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(text.replaceAll(/\s+/g, " ").trim());
  return characters.length <= length ? characters.join("") : `${characters.slice(0, length - 1).join("")}…`;
}
