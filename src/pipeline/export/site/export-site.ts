/**
 * `viaduct export --to site`: the explorer over a study as a folder of files that any web server
 * shows. It appears whole or not at all.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { badInput, ViaductError } from "../../../base/errors.ts";
import { silent, type Progress } from "../../../base/progress.ts";
import { listFiles } from "../../../platform/node/files/file-list.ts";
import { packageVersion } from "../../../platform/node/files/package-version.ts";
import {
  checkTarget,
  publishFolder,
  type StagedFolderOptions,
} from "../../../platform/node/files/staged-folder.ts";
import { writeJson } from "../../../platform/node/files/write-file.ts";
import { pieceBytes, siteLayout } from "../../../protocol/site-layout.ts";
import {
  siteKind,
  siteParts,
  siteSchemaVersion,
  type PictureChoice,
  type SiteManifest,
  type SitePart,
} from "../../../protocol/site.ts";
import type { SiteQueries } from "../../../protocol/site-queries.ts";
import { studyLayout, thumbnailLayout } from "../../../protocol/study-layout.ts";
import type { DictionarySummary, SetSummary, StudySummary } from "../../../protocol/study-summary.ts";
import { openDictionary } from "../../dictionary-folder.ts";
import type { EmbeddingSet } from "../../embedding-set.ts";
import { openStudyFolder, summarizeStudy } from "../../study-summary.ts";
import { chosenDictionaries, openStudy, openStudySet } from "../../study.ts";
import { planQueries, type PlannedQueries, type QueriesSpec } from "./plan-queries.ts";
import { putFile } from "./put-files.ts";
import { siteFiles } from "./site-files.ts";
import { exampleRows, packPictures } from "./site-pictures.ts";
import { pageForQueries, putQueries } from "./site-queries.ts";
import { atomsFile, exportedTensors, pairSimilarities, weightsFile } from "./site-vectors.ts";

export interface SiteSpec {
  readonly study: string;
  readonly out: string;
  /** Default: all that were analysed. */
  readonly dictionaries?: readonly string[];
  /** Default: large. */
  readonly pictures?: PictureChoice;
  /** Image rows that have one: the examples of the concepts (default), or all. */
  readonly pictureRows?: "examples" | "all";
  /** Lets the page answer questions; left out: it does not. */
  readonly queries?: QueriesSpec;
  /** Replace an exported site that is there already. Default false. */
  readonly force?: boolean;
  /** Folder of the built application. */
  readonly application: string;
}

export interface ExportEffects {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** As of EncoderEffects: where the hub and its cache are. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface ExportedSite {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly manifest: SiteManifest;
}

export async function exportSite(spec: SiteSpec, effects: ExportEffects = {}): Promise<ExportedSite> {
  const { out, application, force = false } = spec;
  await checkTarget(resolve(out), out, siteFolder(force));
  if (!existsSync(join(application, siteLayout.page))) {
    throw new ViaductError(
      "missing-part",
      `the explorer is not built in ${application}: run \`npm run build\``,
    );
  }
  const study = await openStudy(spec.study);
  const set = await openStudySet(study, { verify: false });
  try {
    const summary = await summarizeStudy(await openStudyFolder(spec.study));
    const dictionaries = analysedOnes(summary, chosenDictionaries(study), spec.dictionaries);
    const queries = spec.queries === undefined ? null : await planQueries(set, spec.queries, effects);
    const manifest = await publishFolder(out, siteFolder(force), (staging) =>
      fill(staging, { spec, studyPath: study.path, set, summary, dictionaries, queries }, effects),
    );
    const bytes = Object.values(manifest.bytes).reduce((sum, part) => sum + part, 0);
    return { path: resolve(out), bytes, manifest };
  } finally {
    await set.close();
  }
}

function siteFolder(force: boolean): StagedFolderOptions {
  const { manifest, page, embeddedPage, assets, data } = siteLayout;
  return {
    force,
    marker: manifest,
    isMarker: (content: unknown) =>
      typeof content === "object" && content !== null && "kind" in content && content.kind === siteKind,
    known: [manifest, page, embeddedPage, assets, data],
    noun: "exported site",
  };
}

function analysedOnes(
  { dictionaries }: StudySummary,
  published: readonly string[],
  wanted: readonly string[] | undefined,
): readonly string[] {
  const analysed = dictionaries.filter((one) => one.analysed).map(({ name }) => name);
  if (analysed.length === 0) {
    throw badInput(
      `no dictionary of the study is analysed (of ${published.join(", ")}); run: viaduct analyze <study>`,
    );
  }
  const unknown = wanted?.find((name) => !analysed.includes(name));
  if (unknown !== undefined) {
    const state = published.includes(unknown) ? "is not analysed yet" : "is not in the study";
    throw badInput(`the dictionary "${unknown}" ${state}; expected some of ${analysed.join(", ")}`);
  }
  return wanted === undefined ? analysed : analysed.filter((name) => wanted.includes(name));
}

interface ToFill {
  readonly spec: SiteSpec;
  readonly studyPath: string;
  readonly set: EmbeddingSet;
  readonly summary: StudySummary;
  readonly dictionaries: readonly string[];
  readonly queries: PlannedQueries | null;
}

async function fill(
  staging: string,
  { spec, studyPath, set, summary, dictionaries, queries }: ToFill,
  { progress = silent, signal }: ExportEffects,
): Promise<SiteManifest> {
  const sizes = Object.fromEntries(siteParts.map((part) => [part, 0])) as Record<SitePart, number>;
  const written: string[] = [];
  const pieces: Record<string, number> = {};
  const put = async (part: SitePart, from: string, path: string): Promise<number> => {
    if (signal?.aborted) throw new ViaductError("cancelled", "Export stopped; nothing was written.");
    const { paths, bytes } = await putFile(from, staging, path);
    if (paths.length > 1) pieces[path.slice(siteLayout.data.length + 1)] = bytes;
    written.push(...paths);
    sizes[part] += bytes;
    return bytes;
  };
  const working = join(staging, ".working");
  await mkdir(working);

  for (const path of await applicationFiles(spec.application)) {
    const built = join(spec.application, path);
    const changed = queries !== null && path === siteLayout.page;
    await put("application", changed ? await pageForQueries(built, queries, working) : built, path);
  }
  const folders = { study: studyPath, set: set.path };
  const files = siteFiles(folders, dictionaries);
  for (const [done, { part, of, path }] of files.entries()) {
    progress({ stage: "tables", done, total: files.length, unit: "files" });
    await put(part, join(folders[of], path), siteLayout[of](path));
  }

  const places = new Map<string, Pick<DictionarySummary, "atoms" | "biases">>();
  const coding: SiteQueries["dictionaries"] = {};
  for (const [done, name] of dictionaries.entries()) {
    progress({ stage: "atoms", done, total: dictionaries.length, unit: "dictionaries" });
    const path = studyLayout.dictionary(name).exportedAtoms;
    const { dictionary } = await openDictionary(studyPath, name);
    const weights = queries === null ? null : weightsFile(dictionary);
    await writeFile(join(working, "atoms"), weights?.file ?? atomsFile(dictionary));
    const bytes = await put("vectors", join(working, "atoms"), siteLayout.study(path));
    if (weights !== null) coding[name] = { settings: weights.settings, bytes };
    const bias = (side: "image" | "text") => ({ path, tensor: exportedTensors.bias(side) });
    places.set(name, {
      atoms: { path, tensor: exportedTensors.atoms },
      biases: { image: bias("image"), text: bias("text") },
    });
  }
  const asked = queries === null ? null : await putQueries(queries, set, coding, { put, working });
  const similarity = similarityIn(summary, asked?.nearest === true);
  if (similarity === "pairs") {
    const file = await pairSimilarities(set, (done, total) =>
      progress({ stage: "similarities", done, total, unit: "pairs" }),
    );
    await writeFile(join(working, "similarities"), file);
    await put("vectors", join(working, "similarities"), siteLayout.set(siteLayout.pairSimilarities));
  }
  await rm(working, { recursive: true });

  const choice = summary.set.pictures ? (spec.pictures ?? "large") : "none";
  const packed = choice === "none" ? null : await putPictures(choice);
  await writeJson(join(staging, siteLayout.summary), {
    ...summary,
    dictionaries: summary.dictionaries
      .filter(({ name }) => dictionaries.includes(name))
      .map((one) => ({ ...one, ...places.get(one.name) })),
    set: {
      ...summary.set,
      pictures: packed !== null,
      similarity,
    },
    questionsAnsweredBy: asked === null ? "nobody" : "page",
    training: [],
    site: { pieces, pieceBytes, packedPictures: packed !== null },
  } satisfies StudySummary);
  written.push(siteLayout.summary);
  sizes.tables += (await stat(join(staging, siteLayout.summary))).size;

  const manifest: SiteManifest = {
    schemaVersion: siteSchemaVersion,
    kind: siteKind,
    version: packageVersion(),
    study: summary.name,
    dataHash: summary.set.dataHash,
    dictionaries: [...dictionaries],
    pictures: packed ?? { choice: "none", rows: 0, notExamples: summary.set.imageRows, missing: 0 },
    queries: asked,
    bytes: sizes,
    files: await listFiles(staging, written),
  };
  await writeJson(join(staging, siteLayout.manifest), manifest);
  return manifest;

  async function putPictures(kind: Exclude<PictureChoice, "none">): Promise<SiteManifest["pictures"]> {
    const all = summary.set.imageRows;
    const rows =
      spec.pictureRows === "all"
        ? new Set(Array.from({ length: all }, (_, row) => row))
        : await exampleRows(studyPath, dictionaries);
    const packing = join(staging, ".pictures");
    await mkdir(packing);
    const { rows: count, missing } = await packPictures(packing, {
      set,
      rows,
      choice: kind,
      progress,
      signal,
    });
    for (const name of [thumbnailLayout.table, thumbnailLayout.small, thumbnailLayout.large]) {
      await put("pictures", join(packing, name), siteLayout.set(name));
    }
    await rm(packing, { recursive: true });
    return { choice: kind, rows: count, notExamples: all - rows.size, missing };
  }
}

function similarityIn({ set }: StudySummary, withEmbeddings: boolean): SetSummary["similarity"] {
  if (set.similarity !== "embeddings") return "none";
  if (withEmbeddings) return "embeddings";
  return set.pairs > 0 ? "pairs" : "none";
}

/** Paths of the built application, relative to its folder. */
async function applicationFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}
