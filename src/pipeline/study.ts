/** A study folder: which embedding set it is about and which dictionaries it holds. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, isAbsolute, join, parse, relative, resolve } from "node:path";
import { badInput } from "../base/errors.ts";
import { entriesAt, makeFolder } from "../platform/node/files/output-folder.ts";
import { readJson } from "../platform/node/files/read-json.ts";
import { writeJson } from "../platform/node/files/write-file.ts";
import { studyLayout } from "../protocol/study-layout.ts";
import { studyManifest, studySchemaVersion, type StudyManifest } from "../protocol/study.ts";
import { openEmbeddingSet, type EmbeddingSet } from "./embedding-set.ts";

export interface Study {
  /** Absolute path. */
  readonly path: string;
  readonly manifest: StudyManifest;
  /** Names of the published dictionaries, in alphabetical order. */
  readonly dictionaries: readonly string[];
}

/** Opens an existing study. */
export async function openStudy(folder: string): Promise<Study> {
  const path = resolve(folder);
  const manifestPath = join(path, studyLayout.manifest);
  if (!existsSync(manifestPath)) {
    throw badInput(
      `${folder} is no study (it has no ${studyLayout.manifest}); make one with: viaduct train <set> --out ${folder}`,
    );
  }
  const manifest = await readJson(manifestPath, parseStudyManifest, manifestPath);
  return { path, manifest, dictionaries: await publishedDictionaries(path) };
}

/** Opens the study, or makes it when the folder is absent or empty. */
export async function openOrCreateStudy(folder: string, set: EmbeddingSet): Promise<Study> {
  const path = resolve(folder);
  if (existsSync(join(path, studyLayout.manifest))) {
    const study = await openStudy(folder);
    requireSameData(study, set);
    return study;
  }
  if ((await entriesAt(path, folder)).some((entry) => !isHalfManifest(entry))) {
    throw badInput(`${folder} exists, is not empty and is no study; name another place with --out`);
  }
  await makeFolder(path, folder);
  const setPath = resolve(set.path);
  const { embeddings, manifest } = set;
  await writeJson(join(path, studyLayout.manifest), {
    schemaVersion: studySchemaVersion,
    kind: "study",
    name: basename(path),
    set: {
      path:
        parse(setPath).root === parse(path).root ? relative(path, setPath).replaceAll("\\", "/") : setPath,
      dataHash: manifest.dataHash,
      model: manifest.model,
      dimension: embeddings.dimension,
      imageRows: embeddings.image.rows,
      textRows: embeddings.text.rows,
      pairs: embeddings.pairs.image.length,
    },
  } satisfies StudyManifest);
  return openStudy(folder);
}

/** What a kill in the middle of making a study leaves in its folder. */
function isHalfManifest(entry: string): boolean {
  return entry.startsWith(`.${studyLayout.manifest}.`) && entry.endsWith(".tmp");
}

/** Where the study's embedding set lies. */
export function setFolderOf(study: Study): string {
  const { path } = study.manifest.set;
  return isAbsolute(path) ? path : resolve(study.path, path);
}

/**
 * Opens the study's embedding set and makes sure that it is the one the study is about; with
 * `verify`, that its files hold what its manifest says.
 */
export async function openStudySet(
  study: Study,
  { verify }: { readonly verify: boolean },
): Promise<EmbeddingSet> {
  const folder = setFolderOf(study);
  if (!existsSync(folder)) {
    throw badInput(
      `the study ${study.path} is about the embedding set ${folder}, which is not there; put it back, or correct set.path in ${studyLayout.manifest}`,
    );
  }
  const set = await openEmbeddingSet(folder, { verify });
  try {
    requireSameData(study, set);
  } catch (error) {
    await set.close();
    throw error;
  }
  return set;
}

/** The dictionaries to work on: the named one, or all. */
export function chosenDictionaries(study: Study, name?: string): readonly string[] {
  if (study.dictionaries.length === 0) {
    throw badInput(`the study ${study.path} has no finished dictionary; train one with: viaduct train`);
  }
  if (name === undefined) return study.dictionaries;
  if (!study.dictionaries.includes(name)) {
    throw badInput(
      `the study ${study.path} has no dictionary "${name}"; it has ${study.dictionaries.join(", ")}`,
    );
  }
  return [name];
}

function requireSameData(study: Study, set: EmbeddingSet): void {
  if (set.manifest.dataHash === study.manifest.set.dataHash) return;
  throw badInput(
    `the study ${study.path} was made on other data than ${set.path} (data hash ${study.manifest.set.dataHash.slice(0, 12)}, found ${set.manifest.dataHash.slice(0, 12)}); use its own set, or another study`,
  );
}

function parseStudyManifest(value: unknown, name: string): StudyManifest {
  const parsed = studyManifest.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badInput(
    `${name} is no study manifest of schema version ${studySchemaVersion}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
  );
}

async function publishedDictionaries(path: string): Promise<string[]> {
  const folder = join(path, studyLayout.dictionaries);
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(
      (entry) => entry.isDirectory() && existsSync(join(path, studyLayout.dictionary(entry.name).manifest)),
    )
    .map((entry) => entry.name)
    .sort();
}
