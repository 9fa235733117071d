/** The rows of two embedding sets that are of the same items: images by file, texts by caption. */
import { modalities, type Modality } from "../base/rows.ts";
import type { EmbeddingSet } from "./embedding-set.ts";

/** Row p of `a` is of the same item as row p of `b`. */
export interface SharedRows {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
}

/** Of items that a set has several times, the first goes with the other's first, and so on. */
export async function sharedItems(
  a: EmbeddingSet,
  b: EmbeddingSet,
): Promise<Readonly<Record<Modality, SharedRows>>> {
  if (a.manifest.dataHash === b.manifest.dataHash) {
    const all = (modality: Modality): SharedRows => {
      const rows = Uint32Array.from({ length: a.embeddings[modality].rows }, (_, row) => row);
      return { a: rows, b: rows };
    };
    return { image: all("image"), text: all("text") };
  }
  const [image, text] = await Promise.all(modalities.map((modality) => sharedRows(a, b, modality)));
  return { image: image!, text: text! };
}

async function sharedRows(a: EmbeddingSet, b: EmbeddingSet, modality: Modality): Promise<SharedRows> {
  const column = modality === "image" ? "file" : "caption";
  const rowsOf = new Map<string, number[]>();
  for (const [row, name] of (await b.items[modality].column(column)).entries()) {
    if (name === null) continue;
    const rows = rowsOf.get(String(name));
    if (rows === undefined) rowsOf.set(String(name), [row]);
    else rows.push(row);
  }
  const taken = new Map<string, number>();
  const shared: [number, number][] = [];
  for (const [row, name] of (await a.items[modality].column(column)).entries()) {
    if (name === null) continue;
    const key = String(name);
    const place = taken.get(key) ?? 0;
    const other = rowsOf.get(key)?.[place];
    if (other === undefined) continue;
    taken.set(key, place + 1);
    shared.push([row, other]);
  }
  return {
    a: Uint32Array.from(shared, ([row]) => row),
    b: Uint32Array.from(shared, ([, row]) => row),
  };
}
