/** `viaduct export --to saelens` and `--to npy`: dictionaries for other programs; the folder appears whole or not at all. */
import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { badInput, ViaductError } from "../../base/errors.ts";
import { silent } from "../../base/progress.ts";
import { readParquet } from "../../formats/parquet.ts";
import { readSafetensorsHeader, readTensor } from "../../formats/safetensors.ts";
import { writeNpy } from "../../formats/npy.ts";
import { toTensors } from "../../learners/dictionary-tensors.ts";
import { listFiles } from "../../platform/node/files/file-list.ts";
import { openFile } from "../../platform/node/files/file-source.ts";
import { packageVersion } from "../../platform/node/files/package-version.ts";
import {
  checkTarget,
  publishFolder,
  type StagedFolderOptions,
} from "../../platform/node/files/staged-folder.ts";
import { writeFileAtomic, writeJson } from "../../platform/node/files/write-file.ts";
import {
  exportedKinds,
  exportedLayout,
  exportedSchemaVersion,
  type ExportedKind,
  type ExportedManifest,
} from "../../protocol/exported.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { openDictionary } from "../dictionary-folder.ts";
import { chosenDictionaries, openStudy, type Study } from "../study.ts";
import type { ExportEffects } from "./site/export-site.ts";

export interface DictionariesSpec {
  readonly study: string;
  readonly to: ExportedKind;
  readonly out: string;
  /** Default: all that the study has. */
  readonly dictionaries?: readonly string[];
  /** Replace a folder of this kind that is there already. Default false. */
  readonly force?: boolean;
}

export interface ExportedDictionaries {
  /** Absolute. */
  readonly path: string;
  readonly manifest: ExportedManifest;
}

/** Writes files of a dictionary through `put`, or says why it cannot. */
type Write = (study: Study, name: string, put: Put) => Promise<{ leftOut: string } | null>;
interface Put {
  bytes(path: string, content: Uint8Array | string): Promise<void>;
  copy(from: string, path: string): Promise<void>;
}

export async function exportDictionaries(
  { study: folder, to, out, dictionaries, force = false }: DictionariesSpec,
  { progress = silent, signal }: ExportEffects = {},
): Promise<ExportedDictionaries> {
  await checkTarget(resolve(out), out, exportedFolder(force));
  const study = await openStudy(folder);
  const names = dictionaries?.flatMap((name) => chosenDictionaries(study, name)) ?? chosenDictionaries(study);
  const write = { saelens: writeSaelens, npy: writeArrays }[to];
  const manifest = await publishFolder(out, exportedFolder(force), async (staging) => {
    const written: string[] = [];
    const leftOut: ExportedManifest["leftOut"] = [];
    const put: Put = {
      async bytes(path, content) {
        await writeFileAtomic(join(staging, path), content);
        written.push(path);
      },
      async copy(from, path) {
        await mkdir(dirname(join(staging, path)), { recursive: true });
        await copyFile(from, join(staging, path));
        written.push(path);
      },
    };
    for (const [done, name] of names.entries()) {
      if (signal?.aborted) throw new ViaductError("cancelled", "Export stopped; nothing was written.");
      progress({ stage: "export", done, total: names.length, unit: "dictionaries" });
      const refused = await write(study, name, put);
      if (refused !== null) leftOut.push({ dictionary: name, reason: refused.leftOut });
    }
    progress({ stage: "export", done: names.length, total: names.length, unit: "dictionaries" });
    if (written.length === 0) {
      const [first] = leftOut;
      throw badInput(`nothing to export: ${first?.dictionary ?? ""} ${first?.reason ?? ""}`.trim());
    }
    const made: ExportedManifest = {
      schemaVersion: exportedSchemaVersion,
      kind: to,
      version: packageVersion(),
      study: study.manifest.name,
      dataHash: study.manifest.set.dataHash,
      dictionaries: names.filter((name) => !leftOut.some(({ dictionary }) => dictionary === name)),
      leftOut,
      files: await listFiles(staging, written),
    };
    await writeJson(join(staging, exportedLayout.manifest), made);
    return made;
  });
  return { path: resolve(out), manifest };
}

function exportedFolder(force: boolean): StagedFolderOptions {
  const kinds: readonly unknown[] = exportedKinds;
  return {
    force,
    marker: exportedLayout.manifest,
    isMarker: (content: unknown) =>
      typeof content === "object" && content !== null && "kind" in content && kinds.includes(content.kind),
    known: [exportedLayout.manifest, exportedLayout.dictionaries],
    noun: "export of dictionaries",
  };
}

async function writeSaelens(study: Study, name: string, put: Put): ReturnType<Write> {
  const layout = studyLayout.dictionary(name);
  const folders = [
    { ...layout, into: "" },
    { ...layout.modality("image"), into: "/image" },
    { ...layout.modality("text"), into: "/text" },
  ].filter(({ config }) => existsSync(join(study.path, config)));
  if (folders.length === 0) {
    return { leftOut: "has codes that SAELens has no architecture for; take --to npy" };
  }
  for (const { config, weights, into } of folders) {
    for (const file of [config, weights]) {
      const base = file.slice(file.lastIndexOf("/"));
      await put.copy(join(study.path, file), `${exportedLayout.dictionary(name)}${into}${base}`);
    }
  }
  return null;
}

async function writeArrays(study: Study, name: string, put: Put): ReturnType<Write> {
  const { dictionary, run, initialAtoms } = await openDictionary(study.path, name);
  const { settings, tensors } = toTensors(dictionary);
  const shape = [dictionary.concepts, dictionary.dimension];
  await put.bytes(
    exportedLayout.settings(name),
    `${JSON.stringify({ learner: run.learner, ...settings }, undefined, 2)}\n`,
  );
  for (const [tensor, { data, shape }] of tensors) {
    await put.bytes(exportedLayout.tensor(name, tensor), writeNpy(data, shape));
  }
  if (initialAtoms !== null) {
    await put.bytes(exportedLayout.tensor(name, "initial_atoms"), writeNpy(initialAtoms, shape));
  }
  const layout = studyLayout.dictionary(name);
  await putTensors(join(study.path, layout.split), (tensor) => exportedLayout.rows(name, tensor), put);
  if (!existsSync(join(study.path, layout.analysis.manifest))) return null;
  await putTensors(
    join(study.path, layout.analysis.codes),
    (tensor) => exportedLayout.codes(name, tensor),
    put,
  );
  await putStatistics(join(study.path, layout.analysis.concepts), name, put);
  return null;
}

async function putTensors(from: string, path: (tensor: string) => string, put: Put): Promise<void> {
  const file = await openFile(from);
  try {
    const header = await readSafetensorsHeader(file);
    for (const [name, { shape }] of header.tensors) {
      const { data } = await readTensor(file, header, name);
      if (data instanceof Float32Array || data instanceof Uint32Array) {
        await put.bytes(path(name), writeNpy(data, shape));
      } else throw badInput(`${from}#${name} is no F32 or U32 tensor; was it written by another version?`);
    }
  } finally {
    await file.close();
  }
}

/** Every number that a concept has; places in other tables and words are none. */
async function putStatistics(from: string, name: string, put: Put): Promise<void> {
  const file = await openFile(from);
  const { columns } = await readParquet(file).finally(() => file.close());
  for (const [column, cells] of columns) {
    if (/(Start|Count)$/.test(column) || cells.some((cell) => typeof cell === "string")) continue;
    const values = Float32Array.from(cells, (cell) => (cell === null ? NaN : Number(cell)));
    await put.bytes(exportedLayout.statistic(name, column), writeNpy(values, [values.length]));
  }
}
