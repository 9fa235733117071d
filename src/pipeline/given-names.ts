/** Names that readers gave to the concepts of a dictionary, kept in the study beside what was published. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { badInput, ViaductError } from "../base/errors.ts";
import { takeLock, type Lock } from "../platform/node/files/lock-file.ts";
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

/** Another process that gives a name is waited for: milliseconds between two tries, and how many there are. */
const waiting = { pause: 50, tries: 100 } as const;

/**
 * Gives a name, or takes it away with an empty one. Names given for another dictionary of that name are put
 * aside. Several processes may give names at once: each adds its own to what the file holds by then.
 */
export async function giveName(
  study: string,
  dictionary: string,
  concept: number,
  name: string,
): Promise<void> {
  const path = join(study, studyLayout.givenNames(dictionary));
  const hash = await manifestHash(study, dictionary);
  await mkdir(dirname(path), { recursive: true });
  const lock = await lockOf(path);
  try {
    await addName(study, dictionary, hash, concept, name);
  } finally {
    lock.release();
  }
}

async function lockOf(path: string): Promise<Lock> {
  for (let left: number = waiting.tries; ; left--) {
    try {
      return takeLock(`${path}.lock`, (holder) =>
        badInput(
          `${path} is being changed by process ${holder ?? "?"}; try again, or remove ${path}.lock when nothing else has the study open`,
        ),
      );
    } catch (error) {
      if (left === 0 || !(error instanceof ViaductError)) throw error;
      await setTimeout(waiting.pause);
    }
  }
}

async function addName(
  study: string,
  dictionary: string,
  hash: string,
  concept: number,
  name: string,
): Promise<void> {
  const path = join(study, studyLayout.givenNames(dictionary));
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
