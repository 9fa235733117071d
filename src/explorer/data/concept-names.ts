/** The names that a dictionary's concepts were learned with: `names.json`, where there is one. */
import { badInput } from "../../base/errors.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import type { DictionarySummary } from "../../protocol/study-summary.ts";
import type { DataSource } from "./data-source.ts";

/** c names; null where the concepts have none. */
export async function conceptNames(
  source: DataSource,
  { name, named }: DictionarySummary,
): Promise<readonly string[] | null> {
  if (!named) return null;
  const path = studyLayout.dictionary(name).names;
  const names = await source.json(`study/${path}`);
  if (Array.isArray(names) && names.every((one) => typeof one === "string")) return names;
  throw badInput(`${path} is no list of names: was it changed by hand?`);
}
