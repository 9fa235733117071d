/** A dictionary on disk: written once, whole, manifest last; and read back. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Modality } from "../base/rows.ts";
import { badInput } from "../base/errors.ts";
import { writeParquet } from "../formats/parquet.ts";
import {
  readAllFloats,
  readFloats,
  readSafetensorsHeader,
  readTensor,
  writeSafetensors,
} from "../formats/safetensors.ts";
import { sharesBiases, type Dictionary } from "../learners/dictionary.ts";
import type { ConceptMatch, Fitted, HistoryRow, RowSplit } from "../learners/learner.ts";
import { fromTensors, toTensors, type DictionaryTensors } from "../learners/dictionary-tensors.ts";
import { fitsSaelens, fromSaelens, toSaelens, type SaelensFolder } from "../learners/saelens.ts";
import { listFiles, verifyFiles } from "../platform/node/files/file-list.ts";
import { openFile } from "../platform/node/files/file-source.ts";
import { readGivenNames } from "./given-names.ts";
import { readJson } from "../platform/node/files/read-json.ts";
import { writeFileAtomic, writeJson } from "../platform/node/files/write-file.ts";
import { studyLayout, type DictionaryLayout } from "../protocol/study-layout.ts";
import {
  folderManifest,
  runRecord,
  studySchemaVersion,
  type FolderManifest,
  type RunRecord,
} from "../protocol/study.ts";

export interface DictionaryToPublish {
  readonly fitted: Fitted;
  readonly run: RunRecord;
  readonly history: readonly HistoryRow[];
}

export async function publishDictionary(
  study: string,
  name: string,
  { fitted, run, history }: DictionaryToPublish,
): Promise<void> {
  const layout = studyLayout.dictionary(name);
  const { dictionary, initialAtoms, split } = fitted;
  const written: string[] = [];
  const put: Put = async (path, content) => {
    await writeFileAtomic(join(study, path), content);
    written.push(path);
  };

  if (fitsSaelens(dictionary)) await putSaelens(put, layout, name, run.learner, dictionary);
  else {
    const { settings, tensors } = toTensors(dictionary);
    await put(layout.own.weights, writeSafetensors(tensors));
    await put(
      layout.own.settings,
      `${JSON.stringify({ schemaVersion: studySchemaVersion, learner: run.learner, ...settings }, undefined, 2)}\n`,
    );
  }
  if (initialAtoms !== null) {
    const shape = [dictionary.concepts, dictionary.dimension];
    await put(layout.initial, writeSafetensors({ atoms: { shape, data: initialAtoms } }));
  }
  await put(
    layout.split,
    writeSafetensors({
      train: { shape: [split.train.length], data: split.train },
      held_out: { shape: [split.heldOut.length], data: split.heldOut },
    }),
  );
  await put(layout.history, historyTable(history));
  if (fitted.conceptNames) await put(layout.names, `${JSON.stringify(fitted.conceptNames)}\n`);
  if (fitted.matches) await put(layout.matches, matchTable(fitted.matches));
  await put(layout.run, `${JSON.stringify(run, undefined, 2)}\n`);
  const files = await listFiles(
    join(study, layout.root),
    written.map((path) => path.slice(layout.root.length + 1)),
  );
  await writeJson(join(study, layout.manifest), {
    schemaVersion: studySchemaVersion,
    kind: "dictionary",
    name,
    files,
  } satisfies FolderManifest);
}

type Put = (path: string, content: Uint8Array | string) => Promise<void>;

async function putSaelens(
  put: Put,
  layout: DictionaryLayout,
  name: string,
  learner: string,
  dictionary: Dictionary,
): Promise<void> {
  const shared = sharesBiases(dictionary);
  const folders: readonly (readonly [{ config: string; weights: string }, Modality])[] = shared
    ? [[layout, "image"]]
    : [
        [layout.modality("image"), "image"],
        [layout.modality("text"), "text"],
      ];
  for (const [paths, modality] of folders) {
    const { config, tensors } = toSaelens(dictionary, modality, {
      dictionary: name,
      learner,
      modality: shared ? "both" : modality,
    });
    await put(paths.weights, writeSafetensors(tensors));
    await put(paths.config, `${JSON.stringify(config, undefined, 2)}\n`);
  }
}

export interface StoredDictionary {
  readonly name: string;
  readonly run: RunRecord;
  readonly dictionary: Dictionary;
  /** c x d; null where the method had no start. */
  readonly initialAtoms: Float32Array<ArrayBuffer> | null;
}

export async function openDictionary(study: string, name: string): Promise<StoredDictionary> {
  const layout = studyLayout.dictionary(name);
  const manifestPath = join(study, layout.manifest);
  const manifest = await readJson(manifestPath, (value) =>
    checked(folderManifest.safeParse(value), manifestPath),
  );
  await verifyFiles(join(study, layout.root), manifest.files, { content: false });
  return {
    name,
    run: await readRun(study, name),
    dictionary: await readDictionary(join(study, layout.root)),
    initialAtoms: existsSync(join(study, layout.initial))
      ? await readTensorFloats(join(study, layout.initial), "atoms")
      : null,
  };
}

/** The record of the run that made a published dictionary. */
export async function readRun(study: string, name: string): Promise<RunRecord> {
  const path = join(study, studyLayout.dictionary(name).run);
  return readJson(path, (value) => checked(runRecord.safeParse(value), path));
}

/** What a concept is called: by readers, else by the method that made it; undefined where neither gave a name. */
export async function readConceptNames(
  study: string,
  name: string,
): Promise<(concept: number) => string | undefined> {
  const path = join(study, studyLayout.dictionary(name).names);
  const given = await readGivenNames(study, name);
  const learned = existsSync(path)
    ? await readJson(path, (value) => checked(z.array(z.string()).safeParse(value), path))
    : [];
  return (concept) => given.get(concept) ?? learned[concept];
}

/** The rows that the dictionary was trained on and those it was only evaluated on. */
export async function openSplit(study: string, name: string): Promise<RowSplit> {
  const file = await openFile(join(study, studyLayout.dictionary(name).split));
  try {
    const header = await readSafetensorsHeader(file);
    const rows = async (tensor: string): Promise<Uint32Array> => {
      const { data } = await readTensor(file, header, tensor);
      if (!(data instanceof Uint32Array))
        throw badInput(`${file.name}#${tensor} is no U32 tensor; train the dictionary again`);
      return data;
    };
    return { train: await rows("train"), heldOut: await rows("held_out") };
  } finally {
    await file.close();
  }
}

/** Reads a SAELens folder, a folder with one for each modality, or one in the layout of our own. */
export async function readDictionary(folder: string): Promise<Dictionary> {
  if (existsSync(join(folder, "dictionary.json"))) {
    const [settings, weights] = ["dictionary.json", "dictionary.safetensors"];
    return fromTensors(await readWeights(folder, settings, weights));
  }
  if (existsSync(join(folder, "cfg.json"))) return fromSaelens(await readSaelens(folder));
  return fromSaelens(await readSaelens(join(folder, "image")), await readSaelens(join(folder, "text")));
}

async function readSaelens(folder: string): Promise<SaelensFolder> {
  const { settings, tensors } = await readWeights(folder, "cfg.json", "sae_weights.safetensors");
  return { config: settings, tensors };
}

async function readWeights(
  folder: string,
  settingsFile: string,
  weightsFile: string,
): Promise<DictionaryTensors> {
  const settings = await readJson(join(folder, settingsFile), (value, name) => {
    const parsed = z.record(z.string(), z.unknown()).safeParse(value);
    if (parsed.success) return parsed.data;
    throw badInput(`${name} is no JSON object; expected the settings of a dictionary`);
  });
  const file = await openFile(join(folder, weightsFile));
  try {
    return { settings, tensors: await readAllFloats(file) };
  } finally {
    await file.close();
  }
}

async function readTensorFloats(path: string, name: string): Promise<Float32Array<ArrayBuffer>> {
  const file = await openFile(path);
  try {
    return (await readFloats(file, await readSafetensorsHeader(file), name)).data;
  } finally {
    await file.close();
  }
}

/** Every logged value, one column each; what a row did not log is null. */
function historyTable(history: readonly HistoryRow[]): Uint8Array {
  const names = [...new Set(history.flatMap((row) => Object.keys(row)))];
  return writeParquet(
    names.map((name) => ({ name, type: "DOUBLE", data: history.map((row) => row[name] ?? null) })),
  );
}

function matchTable(matches: readonly ConceptMatch[]): Uint8Array {
  const column = (name: keyof ConceptMatch, type: "INT32" | "DOUBLE") => ({
    name,
    type,
    data: matches.map((match) => match[name]),
  });
  return writeParquet([
    column("imageConcept", "INT32"),
    column("textConcept", "INT32"),
    column("correlation", "DOUBLE"),
    column("cosine", "DOUBLE"),
    column("coactive", "INT32"),
  ]);
}

function checked<T>(
  result:
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } },
  path: string,
): T {
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw badInput(
    `${path} does not fit schema version ${studySchemaVersion}: ${issue?.path.map(String).join(".") ?? ""} ${issue?.message ?? ""}; was it changed by hand?`,
  );
}
