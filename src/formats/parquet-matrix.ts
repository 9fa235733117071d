/**
 * A matrix in a list or fixed-size-list column of a Parquet file. Rows are decoded in order;
 * going back restarts at the row group, so this is for reading through, not for gathering.
 */
import type { FileMetaData } from "hyparquet";
import type { RowSource } from "../base/rows.ts";
import type { ByteSource } from "./byte-source.ts";
import { badInput } from "../base/errors.ts";
import { checkRange } from "./matrix.ts";
import { columnPages, type Page } from "./parquet-pages.ts";

export async function parquetRows(
  source: ByteSource,
  metadata: FileMetaData,
  column: string,
): Promise<RowSource> {
  const name = `${source.name}#${column}`;
  const rows = Number(metadata.num_rows);
  const groupStarts = [0];
  for (const group of metadata.row_groups) {
    groupStarts.push(groupStarts[groupStarts.length - 1] + Number(group.num_rows));
  }
  const columns = await firstLength(name, rows, () => pagesFrom(0));

  async function* pagesFrom(group: number): AsyncGenerator<Page> {
    for (let g = group; g < metadata.row_groups.length; g++) yield* columnPages(source, metadata, column, g);
  }

  let pages: AsyncGenerator<Page> | undefined;
  let page: Page | undefined;
  /** Next value of the page, and the row that it starts. */
  let at = 0;
  let row = 0;

  async function seek(start: number): Promise<void> {
    const group = groupStarts.findLastIndex((first) => first <= start);
    if (pages && row <= start && groupStarts[group] <= row) return;
    await pages?.return(undefined);
    pages = pagesFrom(Math.min(group, metadata.row_groups.length - 1));
    page = undefined;
    at = 0;
    row = groupStarts[group];
  }

  /** Decodes the next row to `out` at `offset`; out may be absent to skip it. */
  async function nextRow(out: Float32Array | undefined, offset: number): Promise<void> {
    let filled = 0;
    for (;;) {
      if (!page || at >= page.values.length) {
        const next = await pages?.next();
        at = 0;
        page = next?.done ? undefined : next?.value;
        if (!page) break;
      }
      const { values, levels } = page;
      while (at < values.length && (filled === 0 || levels[at] !== 0)) {
        if (out && filled < columns) out[offset + filled] = values[at];
        filled++;
        at++;
      }
      if (at < values.length) break;
    }
    if (filled !== columns) throw wrongLength(name, row, filled, columns);
    row++;
  }

  async function readRange(start: number, count: number, out: Float32Array, offset = 0): Promise<void> {
    checkRange(name, rows, start, count);
    await seek(start);
    while (row < start) await nextRow(undefined, 0);
    for (let i = 0; i < count; i++) await nextRow(out, offset + i * columns);
  }

  return {
    rows,
    columns,
    readRange,
    async gather(indices, out, offset = 0) {
      const order = Array.from(indices, (_, i) => i).sort((a, b) => indices[a] - indices[b]);
      for (const i of order) await readRange(indices[i], 1, out, offset + i * columns);
    },
  };
}

async function firstLength(name: string, rows: number, pages: () => AsyncGenerator<Page>): Promise<number> {
  if (rows === 0) return 0;
  let length = 0;
  for await (const { values, levels } of pages()) {
    for (let i = 0; i < values.length; i++) {
      if (levels[i] === 0 && length > 0) return length;
      length++;
    }
  }
  if (length === 0) throw badInput(`${name} holds no numbers; expected a list of numbers in each row.`);
  return length;
}

function wrongLength(name: string, row: number, found: number, expected: number): Error {
  return badInput(
    `${name} row ${row} has ${found} numbers; expected ${expected} as in the first row: all rows need one dimension.`,
  );
}
