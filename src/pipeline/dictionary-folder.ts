/** A dictionary on disk: written once, whole, manifest last; and read back. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Modality } from "../base/rows.ts";
import { badInput } from "../base/errors.ts";
import { writeParquet } from "../formats/parquet.ts";
import { readFloats, readSafetensorsHeader, readTensor, writeSafetensors } from "../formats/safetensors.ts";
import { sharesBiases, type Dictionary } from "../learners/dictionary.ts";
import type { Fitted, HistoryRow, RowSplit } from "../learners/learner.ts";
import { fromSaelens, toSaelens, type SaelensFolder, type SaelensTensor } from "../learners/saelens.ts";
import { listFiles, verifyFiles } from "../platform/node/files/file-list.ts";
import { openFile } from "../platform/node/files/file-source.ts";
import { readJson } from "../platform/node/files/read-json.ts";
import { writeFileAtomic, writeJson } from "../platform/node/files/write-file.ts";
import { studyLayout } from "../protocol/study-layout.ts";
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
  const put = async (path: string, content: Uint8Array | string): Promise<void> => {
    await writeFileAtomic(join(study, path), content);
    written.push(path);
  };

  const folders: readonly (readonly [{ config: string; weights: string }, Modality])[] = sharesBiases(
    dictionary,
  )
    ? [[layout, "image"]]
    : [
        [layout.modality("image"), "image"],
        [layout.modality("text"), "text"],
      ];
  for (const [paths, modality] of folders) {
    const { config, tensors } = toSaelens(dictionary, modality, {
      dictionary: name,
      learner: run.learner,
      modality: sharesBiases(dictionary) ? "both" : modality,
    });
    await put(paths.weights, writeSafetensors(tensors));
    await put(paths.config, `${JSON.stringify(config, undefined, 2)}\n`);
  }
  await put(
    layout.initial,
    writeSafetensors({ atoms: { shape: [dictionary.concepts, dictionary.dimension], data: initialAtoms } }),
  );
  await put(
    layout.split,
    writeSafetensors({
      train: { shape: [split.train.length], data: split.train },
      held_out: { shape: [split.heldOut.length], data: split.heldOut },
    }),
  );
  await put(layout.history, historyTable(history));
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

export interface StoredDictionary {
  readonly name: string;
  readonly run: RunRecord;
  readonly dictionary: Dictionary;
  /** c x d */
  readonly initialAtoms: Float32Array<ArrayBuffer>;
}

export async function openDictionary(study: string, name: string): Promise<StoredDictionary> {
  const layout = studyLayout.dictionary(name);
  const manifestPath = join(study, layout.manifest);
  const manifest = await readJson(manifestPath, (value) =>
    checked(folderManifest.safeParse(value), manifestPath),
  );
  await verifyFiles(join(study, layout.root), manifest.files, { content: false });
  const runPath = join(study, layout.run);
  const run = await readJson(runPath, (value) => checked(runRecord.safeParse(value), runPath));
  return {
    name,
    run,
    dictionary: await readDictionary(join(study, layout.root)),
    initialAtoms: await readTensorFloats(join(study, layout.initial), "atoms"),
  };
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

/** Reads a SAELens folder, or a folder with one for each modality. */
export async function readDictionary(folder: string): Promise<Dictionary> {
  if (existsSync(join(folder, "cfg.json"))) return fromSaelens(await readSaelens(folder));
  return fromSaelens(await readSaelens(join(folder, "image")), await readSaelens(join(folder, "text")));
}

async function readSaelens(folder: string): Promise<SaelensFolder> {
  const config = await readJson(join(folder, "cfg.json"), (value, name) => {
    const parsed = z.record(z.string(), z.unknown()).safeParse(value);
    if (parsed.success) return parsed.data;
    throw badInput(`${name} is no JSON object; expected a SAELens configuration`);
  });
  const file = await openFile(join(folder, "sae_weights.safetensors"));
  try {
    const header = await readSafetensorsHeader(file);
    const tensors = new Map<string, SaelensTensor>();
    for (const name of header.tensors.keys()) tensors.set(name, await readFloats(file, header, name));
    return { config, tensors };
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
