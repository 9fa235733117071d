/**
 * Rows that show one thing twice: equal embeddings bit by bit, or one and the same item (an image
 * file, a caption). Examples of a concept show each once.
 */
import type { Modality } from "../../base/rows.ts";
import type { Item, ItemTable } from "../embedding-set-items.ts";
import { createRowFingerprints } from "../row-fingerprints.ts";

/** n: the first row that equals each row. */
export interface RepeatedRows {
  readonly byEmbedding: Uint32Array;
  /** Of rows without an item of their own: the row itself. */
  readonly byItem: Uint32Array;
}

/** Takes a modality's rows in order, and says which equalled an earlier one. */
export function embeddingRepeats(
  rows: number,
  dimension: number,
): { add(x: Float32Array, count: number): void; readonly first: Uint32Array } {
  const first = new Uint32Array(rows);
  const fingerprints = createRowFingerprints(rows);
  let row = 0;
  return {
    first,
    add(x, count) {
      const words = new Uint32Array(x.buffer, x.byteOffset, x.length);
      for (let r = 0; r < count; r++, row++) {
        const earlier = fingerprints.add(words, r * dimension, dimension, row);
        first[row] = earlier < 0 ? row : earlier;
      }
    },
  };
}

const identity: Readonly<Record<Modality, (item: Item) => string | null>> = {
  image: ({ file, source }) => (file === null ? null : `${source ?? ""}\0${file}`),
  text: ({ caption }) => caption,
};

const itemsRead = 4096;

export async function itemRepeats(items: ItemTable, modality: Modality): Promise<Uint32Array> {
  const first = new Uint32Array(items.rows);
  const seen = new Map<string, number>();
  for (let start = 0; start < items.rows; start += itemsRead) {
    for (const item of await items.range(start, Math.min(itemsRead, items.rows - start))) {
      const name = identity[modality](item);
      const earlier = name === null ? item.row : (seen.get(name) ?? item.row);
      if (name !== null) seen.set(name, earlier);
      first[item.row] = earlier;
    }
  }
  return first;
}
