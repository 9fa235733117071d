/** Which pictures and captions belong together: pairs.parquet of the set, read once and found from both sides. */
import { setLayout } from "../../protocol/study-layout.ts";
import type { DataSource } from "./data-source.ts";
import type { Modality } from "./dictionary-tables.ts";
import { once } from "./once.ts";
import { ParquetTable, type ColumnValues } from "./parquet-table.ts";

/** Rows of the other side by row of this one: those of row i lie from `start[i]` to `start[i + 1]`. */
interface Index {
  start: Uint32Array;
  other: Uint32Array;
  /** Number of the pair in the table. */
  pair: Uint32Array;
}

export interface Partner {
  row: number;
  /** Number of the pair in pairs.parquet. */
  pair: number;
}

/** The image row and the text row of every pair. */
export interface Pairs {
  image: Uint32Array;
  text: Uint32Array;
}

export class PairTable {
  /** In the order of the table. */
  readonly all: () => Promise<Pairs>;
  readonly #indices: () => Promise<Record<Modality, Index>>;

  constructor(source: DataSource) {
    this.all = once(async () => {
      const table = await ParquetTable.open(source, `set/${setLayout.pairs}`);
      const image = new Uint32Array(table.rows);
      const text = new Uint32Array(table.rows);
      for (const { start, end } of table.parts) {
        const [images, texts] = await table.read(["image_row", "text_row"], start, end);
        fill(image, images!, start);
        fill(text, texts!, start);
      }
      return { image, text };
    });
    this.#indices = once(async () => {
      const { image, text } = await this.all();
      return { image: index(image, text), text: index(text, image) };
    });
  }

  /** What belongs to a row of one side, in the order of the pairs. */
  async of(side: Modality, row: number): Promise<Partner[]> {
    const { start, other, pair } = (await this.#indices())[side];
    const [from, to] = [start[row] ?? 0, start[row + 1] ?? 0];
    return Array.from({ length: Math.max(0, to - from) }, (_, i) => ({
      row: other[from + i]!,
      pair: pair[from + i]!,
    }));
  }
}

function fill(into: Uint32Array, values: ColumnValues, at: number): void {
  for (let i = 0; i < values.length; i++) into[at + i] = Number(values[i]);
}

/** By counting; the pairs of a row stay in their order. */
function index(of: Uint32Array, with_: Uint32Array): Index {
  let rows = 0;
  for (const row of of) rows = Math.max(rows, row + 1);
  const start = new Uint32Array(rows + 1);
  for (const row of of) start[row + 1]!++;
  for (let i = 0; i < rows; i++) start[i + 1]! += start[i]!;
  const next = start.slice(0, rows);
  const other = new Uint32Array(of.length);
  const pair = new Uint32Array(of.length);
  for (let p = 0; p < of.length; p++) {
    const at = next[of[p]!]!++;
    other[at] = with_[p]!;
    pair[at] = p;
  }
  return { start, other, pair };
}
