/** A study on disk as the explorer sees it: its folders, and the summary that the explorer starts from. */
import { readFile, readdir, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { badInput } from "../base/errors.ts";
import type { Modality } from "../base/rows.ts";
import { readSafetensorsHeader, type SafetensorsHeader } from "../formats/safetensors.ts";
import { openFile } from "../platform/node/files/file-source.ts";
import { isLocked } from "../platform/node/files/lock-file.ts";
import { sha256Of } from "../platform/node/files/file-list.ts";
import { stabilityRecord } from "../protocol/stability.ts";
import { readGivenNames } from "./given-names.ts";
import { setLayout, studyLayout } from "../protocol/study-layout.ts";
import { studyManifest, type StudyManifest } from "../protocol/study.ts";
import {
  studySummarySchemaVersion,
  type DictionarySummary,
  type RowsSummary,
  type StudySummary,
  type TensorPlace,
  type TrainingRun,
} from "../protocol/study-summary.ts";

export interface StudyFolder {
  root: string;
  manifest: StudyManifest;
  setRoot: string;
}

/** An embedding set's folder and where its pictures lie, or why it cannot be used. */
export interface SetFolder {
  root: string;
  imageRoot: string | null;
  problem: string | null;
}

export async function openStudyFolder(study: string): Promise<StudyFolder> {
  const root = resolve(study);
  const path = join(root, studyLayout.manifest);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw badInput(
      `no study at ${study}: expected ${studyLayout.manifest} in it; \`viaduct train\` makes one`,
      cause,
    );
  });
  const manifest = studyManifest.safeParse(parseJson(text));
  if (!manifest.success) {
    const issue = manifest.error.issues[0];
    const where = issue?.path.join(".") ?? "";
    throw badInput(`${path} is no study manifest of this version: ${where} ${issue?.message ?? ""}`.trim());
  }
  const { path: setPath } = manifest.data.set;
  return { root, manifest: manifest.data, setRoot: isAbsolute(setPath) ? setPath : resolve(root, setPath) };
}

/** Read again for every request: a set that was moved may be put back while the explorer is open. */
export async function openSetFolder({ setRoot: root, manifest: study }: StudyFolder): Promise<SetFolder> {
  const { path } = study.set;
  const manifest = await readJson(join(root, setLayout.manifest));
  if (manifest === null) {
    return {
      root,
      imageRoot: null,
      problem: `The embedding set is not at ${path}, seen from the study: captions and pictures cannot be shown. Put it back and reload.`,
    };
  }
  const imageRoot = at(manifest, "imageRoot");
  if (typeof imageRoot !== "string" || imageRoot === "") return { root, imageRoot: null, problem: null };
  return { root, imageRoot: resolve(root, imageRoot), problem: null };
}

/** Read again for every request: dictionaries appear while the explorer is open. */
export async function summarizeStudy(folder: StudyFolder): Promise<StudySummary> {
  const { manifest } = folder;
  const set = await openSetFolder(folder);
  const found = await readdir(join(folder.root, studyLayout.dictionaries)).catch(() => []);
  const names = found.toSorted(byName);
  const dictionaries = await Promise.all(names.map((name) => summarizeDictionary(folder.root, name)));
  return {
    schemaVersion: studySummarySchemaVersion,
    name: manifest.name,
    set: {
      model: manifest.set.model,
      dimension: manifest.set.dimension,
      imageRows: manifest.set.imageRows,
      textRows: manifest.set.textRows,
      pairs: manifest.set.pairs,
      dataHash: manifest.set.dataHash,
      pictures: set.imageRoot !== null || (await exists(join(set.root, setLayout.thumbnails))),
      similarity: (await areThere(set.root, [setLayout.images, setLayout.texts])) ? "embeddings" : "none",
      problem: set.problem,
    },
    keepsNames: false,
    questionsAnsweredBy: "nobody",
    dictionaries: dictionaries.filter((dictionary) => dictionary !== null),
    training: await runsInTraining(
      folder.root,
      names.filter((_, i) => dictionaries[i] === null),
    ),
  };
}

/** Those of the folders that a process is training in. */
async function runsInTraining(root: string, names: readonly string[]): Promise<TrainingRun[]> {
  const runs = await Promise.all(
    names.map(async (name): Promise<TrainingRun[]> => {
      const { log, lock } = studyLayout.dictionary(name);
      return (await exists(join(root, log))) && isLocked(join(root, lock)) ? [{ name, log }] : [];
    }),
  );
  return runs.flat();
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

async function summarizeDictionary(root: string, name: string): Promise<DictionarySummary | null> {
  const layout = studyLayout.dictionary(name);
  if (!(await exists(join(root, layout.manifest)))) return null;
  const [run, config, metrics, analysed, strongest, named, renamed, comparedWith, places] = await Promise.all(
    [
      readJson(join(root, layout.run)),
      readJson(join(root, layout.config)),
      readJson(join(root, layout.analysis.metrics)),
      exists(join(root, layout.analysis.manifest)),
      exists(join(root, layout.analysis.strongestBridges)),
      exists(join(root, layout.names)),
      hasGivenNames(root, name),
      comparisonsOf(root, name),
      weightsOf(root, name),
    ],
  );
  const measured = analysed ? metrics : null;
  return {
    name,
    learner: text(at(measured, "learner")) ?? text(at(run, "learner")),
    concepts: number(at(measured, "concepts")) ?? number(at(config, "d_sae")),
    analysed,
    strongestBridges: analysed && strongest,
    named,
    renamed,
    comparedWith,
    ...places,
    all: rowsSummary(measured ?? at(run, "metrics", "all")),
    image: optionalRows(at(measured, "image") ?? at(run, "metrics", "image")),
    text: optionalRows(at(measured, "text") ?? at(run, "metrics", "text")),
    bridgeSum: number(at(measured, "bridgeSum")),
    pairedInnerProduct: number(at(measured, "pairedInnerProduct")),
  };
}

/** A damaged file counts: whoever reads it says what is wrong. */
async function hasGivenNames(root: string, name: string): Promise<boolean> {
  const names = await readGivenNames(root, name).catch(() => null);
  return names === null || names.size > 0;
}

/** Dictionaries that its concepts were matched with and that are still those of then, in order of name. */
async function comparisonsOf(root: string, name: string): Promise<string[]> {
  const layout = studyLayout.dictionary(name);
  const files = await readdir(join(root, layout.stability.root)).catch(() => []);
  const others = await Promise.all(
    files
      .filter((file) => file.endsWith(".json"))
      .map(async (file) => {
        const record = stabilityRecord.safeParse(await readJson(join(root, layout.stability.root, file)));
        if (!record.success || file !== `${record.data.other}.json`) return [];
        const { other, otherManifest } = record.data;
        const manifest = await readFile(join(root, studyLayout.dictionary(other).manifest)).catch(() => null);
        return manifest !== null && sha256Of(manifest) === otherManifest ? [other] : [];
      }),
  );
  return others.flat().toSorted(byName);
}

/** In its SAELens folder, in one for each modality where biases differ between them, or in its own layout. */
async function weightsOf(root: string, name: string): Promise<Pick<DictionarySummary, "atoms" | "biases">> {
  const { weights, modality, own } = studyLayout.dictionary(name);
  const there = (path: string): Promise<boolean> => exists(join(root, path));
  if (await there(weights)) return inSaelens(weights, weights);
  const [image, text] = [modality("image").weights, modality("text").weights];
  if (await there(image)) return inSaelens(image, text);
  if (!(await there(own.weights))) return { atoms: null, biases: null };
  const atoms = { path: own.weights, tensor: "atoms" };
  // Whoever reads a damaged file says what is wrong.
  const header = await safetensorsHeaderOf(join(root, own.weights)).catch(() => null);
  const shared = header?.tensors.has("decoder_bias") === true;
  const bias = (side: Modality): TensorPlace => ({
    path: own.weights,
    tensor: shared ? "decoder_bias" : `${side}.decoder_bias`,
  });
  return { atoms, biases: header && { image: bias("image"), text: bias("text") } };
}

function inSaelens(image: string, text: string): Pick<DictionarySummary, "atoms" | "biases"> {
  const bias = (path: string): TensorPlace => ({ path, tensor: "b_dec" });
  return { atoms: { path: image, tensor: "W_dec" }, biases: { image: bias(image), text: bias(text) } };
}

async function safetensorsHeaderOf(path: string): Promise<SafetensorsHeader> {
  const file = await openFile(path);
  return readSafetensorsHeader(file).finally(() => file.close());
}

async function areThere(root: string, paths: readonly string[]): Promise<boolean> {
  return (await Promise.all(paths.map((path) => exists(join(root, path))))).every((there) => there);
}

function optionalRows(value: unknown): RowsSummary | null {
  return value === undefined || value === null ? null : rowsSummary(value);
}

function rowsSummary(value: unknown): RowsSummary {
  return {
    r2: number(at(value, "r2")),
    activePerSample: number(at(value, "activePerSample")),
    deadFraction: number(at(value, "deadFraction")),
  };
}

function at(value: unknown, ...path: string[]): unknown {
  let inner = value;
  for (const key of path) {
    if (typeof inner !== "object" || inner === null) return undefined;
    inner = (inner as Record<string, unknown>)[key];
  }
  return inner;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** Null when the file is absent or no JSON. */
async function readJson(path: string): Promise<unknown> {
  const content = await readFile(path, "utf8").catch(() => null);
  return content === null ? null : parseJson(content);
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
