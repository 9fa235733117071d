/** What a query needs of a study: its set, one dictionary, and words for the concepts. */
import { badInput } from "../../base/errors.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { AskedStudy } from "../../queries/asked-study.ts";
import { openDictionary, type StoredDictionary } from "../dictionary-folder.ts";
import type { EmbeddingSet } from "../embedding-set.ts";
import { chosenDictionaries, openStudy, openStudySet, type Study } from "../study.ts";
import { conceptWordsOf, type ConceptWords } from "./concept-words.ts";

export interface QueriedStudy {
  readonly study: Study;
  readonly set: EmbeddingSet;
  readonly stored: StoredDictionary;
  readonly words: ConceptWords;
  close(): Promise<void>;
}

/** `name` may be left out where the study has one dictionary. */
export async function openForQuery(path: string, name?: string): Promise<QueriedStudy> {
  const study = await openStudy(path);
  const [only, ...others] = chosenDictionaries(study, name);
  if (others.length > 0) {
    throw badInput(
      `the study ${path} has ${study.dictionaries.length} dictionaries; choose one with --dictionary: ${study.dictionaries.join(", ")}`,
    );
  }
  const stored = await openDictionary(study.path, only!);
  const set = await openStudySet(study, { verify: false });
  try {
    const words = await conceptWordsOf(study.path, only!, set);
    return { study, set, stored, words, close: () => set.close() };
  } catch (error) {
    await set.close();
    throw error;
  }
}

export function askedStudy({ set, stored, words }: QueriedStudy, backend: Backend): AskedStudy {
  return {
    name: stored.name,
    dictionary: stored.dictionary,
    backend,
    words,
    embeddings: set.embeddings,
    items: (modality, rows) => set.items[modality].at(rows),
  };
}
