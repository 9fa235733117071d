/** A dictionary of the site with what encodes with it, and what its concepts are called. */
import { badInput } from "../../../base/errors.ts";
import { bytesInMemory } from "../../../formats/byte-source.ts";
import { readAllFloats } from "../../../formats/safetensors.ts";
import { fromTensors } from "../../../learners/dictionary-tensors.ts";
import type { SiteQueries } from "../../../protocol/site-queries.ts";
import type { DictionarySummary } from "../../../protocol/study-summary.ts";
import type { AskedStudy } from "../../../queries/asked-study.ts";
import type { DataSource } from "../data-source.ts";
import { DictionaryTables } from "../dictionary-tables.ts";
import type { ItemTable } from "../item-table.ts";
import { once } from "../once.ts";
import { studyNames } from "../study-names.ts";
import type { FetchMeter } from "./fetch-meter.ts";

export type SetItems = Readonly<Record<"image" | "text", Pick<ItemTable, "read">>>;

export async function askedDictionary(
  source: DataSource,
  { name, atoms, ...summary }: DictionarySummary,
  coding: SiteQueries["dictionaries"],
  items: SetItems,
  meter: FetchMeter,
): Promise<Pick<AskedStudy, "name" | "dictionary" | "words">> {
  const found = coding[name];
  if (found === undefined || atoms === null) {
    throw badInput(`the site holds no weights of ${name}; export it again with --queries`);
  }
  meter.need(found.bytes);
  const path = `study/${atoms.path}`;
  const [bytes, names, tables] = await Promise.all([
    source.whole(path, found.bytes, meter.heard),
    studyNames(source, { name, atoms, ...summary }),
    DictionaryTables.open(source, { name }),
  ]);
  const tensors = await readAllFloats(bytesInMemory(path, bytes));
  const telling = once(() => tables.words());
  return {
    name,
    dictionary: fromTensors({ settings: found.settings, tensors }),
    /** As the pipeline names them (query/concept-words.ts). */
    async words(concept) {
      const named = names.given.get(concept) ?? names.learned?.[concept];
      const known = named?.trim() || (await telling())?.[concept];
      if (known) return known;
      const top = await tables.topRows(concept);
      for (const side of ["text", "image"] as const) {
        const row = top[side];
        if (row === null) continue;
        const [item] = await items[side].read([row]);
        const words = item?.caption?.trim() || item?.file;
        if (words) return words;
      }
      return null;
    },
  };
}
