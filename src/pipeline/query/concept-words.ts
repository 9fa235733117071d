/** What a dictionary's concepts are called: the name that readers gave or that they were learned with, else the words that set them apart, else their top example's. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Modality } from "../../base/rows.ts";
import { readParquet, readParquetMetadata } from "../../formats/parquet.ts";
import { openFile } from "../../platform/node/files/file-source.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { readConceptNames } from "../dictionary-folder.ts";
import type { EmbeddingSet } from "../embedding-set.ts";

/** Null where nothing is known to call the concept by. */
export type ConceptWords = (concept: number) => Promise<string | null>;

export async function conceptWordsOf(study: string, name: string, set: EmbeddingSet): Promise<ConceptWords> {
  const names = await readConceptNames(study, name);
  const words = await tellingWords(study, name);
  const tops = await topExamples(study, name);
  return async (concept) => {
    const known = names(concept)?.trim() || words[concept];
    if (known) return known;
    for (const modality of ["text", "image"] as const) {
      const row = tops[modality].get(concept);
      if (row === undefined) continue;
      const [item] = await set.items[modality].at([row]);
      const words = item?.caption?.trim() || item?.file;
      if (words) return words;
    }
    return null;
  };
}

/** Column `words` of the analysis; empty where there is none. */
async function tellingWords(study: string, name: string): Promise<readonly (string | null)[]> {
  const { manifest, concepts } = studyLayout.dictionary(name).analysis;
  if (!existsSync(join(study, manifest))) return [];
  const file = await openFile(join(study, concepts));
  try {
    const metadata = await readParquetMetadata(file);
    if (!metadata.schema.some((column) => column.name === "words")) return [];
    const { columns } = await readParquet(file, { metadata, columns: ["words"] });
    return (columns.get("words") ?? []).map((cell) => (cell === null ? null : String(cell)));
  } finally {
    await file.close();
  }
}

/** Row of each concept's strongest example, by modality; empty where the dictionary has not been analysed. */
async function topExamples(
  study: string,
  name: string,
): Promise<Readonly<Record<Modality, ReadonlyMap<number, number>>>> {
  const tops = { image: new Map<number, number>(), text: new Map<number, number>() };
  const { manifest, examples } = studyLayout.dictionary(name).analysis;
  if (!existsSync(join(study, manifest))) return tops;
  const file = await openFile(join(study, examples));
  try {
    const { rows, columns } = await readParquet(file, {
      columns: ["concept", "modality", "band", "rank", "row"],
    });
    const column = (key: string): readonly unknown[] => columns.get(key) ?? [];
    const [concepts, modality, band, rank, row] = ["concept", "modality", "band", "rank", "row"].map(column);
    for (let e = 0; e < rows; e++) {
      if (band![e] !== "top" || Number(rank![e]) !== 0) continue;
      tops[modality![e] === "image" ? "image" : "text"].set(Number(concepts![e]), Number(row![e]));
    }
  } finally {
    await file.close();
  }
  return tops;
}
