/** Finds rows of the set by caption and file, some thousand at a time so that the page can answer between. */
import type { Modality } from "../../data/dictionary-tables.ts";
import type { ItemTable } from "../../data/item-table.ts";
import { folded, hasAll, queryWords } from "./folded.ts";
import type { Hit, SearchProvider } from "./search.ts";

/** Characters looked at between two pauses: some milliseconds. */
const atOnce = 200_000;

interface ItemSearchOptions {
  side: Modality;
  table: ItemTable;
  name: string;
  title: string;
  looksInto: string;
  /** Resolves when the page had time for something else. */
  pause: () => Promise<void>;
}

export function itemSearch({ side, table, pause, ...about }: ItemSearchOptions): SearchProvider {
  /** Texts by the row that they begin at: folding them again takes longer than looking into them. */
  const known = new Map<number, readonly string[]>();

  return {
    ...about,
    async find({ text }, found, stop) {
      const words = queryWords(text);
      let sinceThen = 0;
      let hits: Hit[] = [];
      for await (const part of table.parts(["caption", "file"])) {
        const texts =
          known.get(part.start) ?? Array.from({ length: part.rows }, (_, i) => foldedRow(part.columns, i));
        known.set(part.start, texts);
        for (const [i, content] of texts.entries()) {
          if (hasAll(content, words)) hits.push({ kind: "item", side, row: part.start + i });
          sinceThen += content.length + 20;
          if (sinceThen < atOnce) continue;
          found(hits);
          hits = [];
          sinceThen = 0;
          await pause();
          if (stop.aborted) return;
        }
        if (stop.aborted) return;
      }
      found(hits);
    },
  };
}

function foldedRow(columns: readonly ArrayLike<unknown>[], i: number): string {
  return columns
    .flatMap((column) => {
      const cell = column[i];
      return typeof cell === "string" ? folded(cell) : [];
    })
    .join(" \n ");
}
