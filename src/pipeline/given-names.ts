/** Names that readers gave to the concepts of a dictionary, kept in the study beside what was published. */
import { existsSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { badInput } from "../base/errors.ts";
import { sha256Of } from "../platform/node/files/file-list.ts";
import { readJson } from "../platform/node/files/read-json.ts";
import { writeJson } from "../platform/node/files/write-file.ts";
import { givenNamesFile, type GivenNamesFile } from "../protocol/given-names.ts";
import { studyLayout } from "../protocol/study-layout.ts";
import { studySchemaVersion } from "../protocol/study.ts";

/** Empty where nobody gave any, and where the dictionary is not the one that they were given for. */
export async function readGivenNames(
  study: string,
  dictionary: string,
): Promise<ReadonlyMap<number, string>> {
  const file = await readNamesFile(study, dictionary);
  if (file === null || file.dictionaryManifest !== (await manifestHash(study, dictionary))) return new Map();
  return new Map(Object.entries(file.names).map(([concept, name]) => [Number(concept), name]));
}

/** Gives a name, or takes it away with an empty one. Names given for another dictionary of that name are put aside. */
export async function giveName(
  study: string,
  dictionary: string,
  concept: number,
  name: string,
): Promise<void> {
  const path = join(study, studyLayout.givenNames(dictionary));
  const hash = await manifestHash(study, dictionary);
  const before = await readNamesFile(study, dictionary);
  const same = before?.dictionaryManifest === hash;
  if (before !== null && !same) {
    const aside = `${dictionary}-${before.dictionaryManifest.slice(0, 8)}`;
    await rename(path, join(study, studyLayout.givenNames(aside)));
  }
  const names = new Map(Object.entries(same ? before.names : {}));
  if (name === "") names.delete(String(concept));
  else names.set(String(concept), name);
  const content: GivenNamesFile = {
    schemaVersion: studySchemaVersion,
    kind: "concept-names",
    dictionary,
    dictionaryManifest: hash,
    names: Object.fromEntries(names),
  };
  await writeJson(path, content);
}

async function readNamesFile(study: string, dictionary: string): Promise<GivenNamesFile | null> {
  const path = join(study, studyLayout.givenNames(dictionary));
  if (!existsSync(path)) return null;
  return readJson(path, (value) => {
    const read = givenNamesFile.safeParse(value);
    if (read.success) return read.data;
    const issue = read.error.issues[0];
    throw badInput(
      `${path}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}; mend it or remove it, then try again`,
    );
  });
}

async function manifestHash(study: string, dictionary: string): Promise<string> {
  const path = join(study, studyLayout.dictionary(dictionary).manifest);
  return sha256Of(
    await readFile(path).catch((cause: unknown) => {
      throw badInput(`${study} has no dictionary ${dictionary}`, cause);
    }),
  );
}
