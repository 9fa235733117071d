/** The names of a dictionary's concepts that the study holds: those it was learned with, and those that readers gave. */
import { badInput } from "../../base/errors.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import type { DictionarySummary } from "../../protocol/study-summary.ts";
import type { DataSource } from "./data-source.ts";

export interface StudyNames {
  /** c names; null where the method gave none. */
  learned: readonly string[] | null;
  /** By concept. */
  given: ReadonlyMap<number, string>;
}

export async function studyNames(source: DataSource, dictionary: DictionarySummary): Promise<StudyNames> {
  const [learned, given] = await Promise.all([
    learnedNames(source, dictionary),
    givenNames(source, dictionary),
  ]);
  return { learned, given };
}

async function learnedNames(
  source: DataSource,
  { name, named }: DictionarySummary,
): Promise<readonly string[] | null> {
  if (!named) return null;
  const path = studyLayout.dictionary(name).names;
  const names = await source.json(`study/${path}`);
  if (Array.isArray(names) && names.every((one) => typeof one === "string")) return names;
  throw badInput(`${path} is no list of names: was it changed by hand?`);
}

async function givenNames(
  source: DataSource,
  { name, renamed }: DictionarySummary,
): Promise<ReadonlyMap<number, string>> {
  if (!renamed) return new Map();
  const path = studyLayout.givenNames(name);
  const file = await source.json(`study/${path}`);
  const names = typeof file === "object" && file !== null && "names" in file ? file.names : null;
  if (
    typeof names !== "object" ||
    names === null ||
    !Object.values(names).every((one) => typeof one === "string")
  ) {
    throw badInput(`${path} holds no names of concepts: was it changed by hand? Mend or remove it.`);
  }
  return new Map(Object.entries(names).map(([concept, one]) => [Number(concept), one as string]));
}
