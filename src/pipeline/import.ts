/**
 * `viaduct import`: embeddings that exist already, checked and written as an embedding set.
 *
 * Cheap checks come first (headers, lengths, row numbers), then one pass over the rows. The set
 * appears whole or not at all. Memory: one block of rows, one fingerprint of each row and the
 * item tables.
 */
import { join, parse, relative, resolve } from "node:path";
import type { Modality, PairTable } from "../base/rows.ts";
import { silent, type Progress } from "../base/progress.ts";
import { badInput } from "../base/errors.ts";
import { listFiles, sha256Of, type ListedFile } from "../platform/node/files/file-list.ts";
import { packageVersion } from "../platform/node/files/package-version.ts";
import { openPictureRoot, type PictureRoot } from "../platform/node/files/picture-root.ts";
import {
  checkTarget,
  publishFolder,
  type StagedFolderOptions,
} from "../platform/node/files/staged-folder.ts";
import { writeJson } from "../platform/node/files/write-file.ts";
import {
  setKind,
  setSchemaVersion,
  type EmbeddedReport,
  type EmbeddingSetManifest,
  type ImportReport,
  type ModalityReport,
} from "../protocol/embedding-set.ts";
import type { EncoderRecord } from "../protocol/encoder-record.ts";
import { setLayout } from "../protocol/study-layout.ts";
import { openInputs, type ImportInputs } from "./import-inputs.ts";
import { keepItems, type Items } from "./import-items.ts";
import type { ImportOptions } from "./import-options.ts";
import { renumberPairs, repeatedPairs, unpairedRows } from "./import-pairs.ts";
import { checkPictures } from "./import-pictures.ts";
import { copyRows, type CheckedRows } from "./import-rows.ts";
import { writeDropped, writeItems, writePairs, type DroppedInput } from "./import-tables.ts";

export type { ImportOptions } from "./import-options.ts";
export { renderImportReport } from "./import-report.ts";

export interface ImportEffects {
  readonly progress?: Progress;
  /** Aborting removes what was written and throws `cancelled`. */
  readonly signal?: AbortSignal;
}

export interface Imported {
  /** Absolute path of the set. */
  readonly path: string;
  readonly manifest: EmbeddingSetManifest;
  readonly report: ImportReport;
}

export async function importEmbeddings(
  options: ImportOptions,
  effects: ImportEffects = {},
): Promise<Imported> {
  const { out, force = false } = options;
  await checkTarget(resolve(out), out, setFolder(force));
  const root = options.imageRoot === undefined ? undefined : await openPictureRoot(options.imageRoot);
  const inputs = await openInputs(options);
  try {
    const { model = null, dropInvalid = false } = options;
    return await writeSet(inputs, { out, force, root, model, dropInvalid }, effects);
  } finally {
    await inputs.close();
  }
}

/** What tells an embedding set's folder from any other. */
export function setFolder(force: boolean): StagedFolderOptions {
  return {
    force,
    marker: setLayout.manifest,
    isMarker: (content: unknown) =>
      typeof content === "object" && content !== null && "kind" in content && content.kind === setKind,
    known: Object.values(setLayout),
    noun: "embedding set",
  };
}

/** What `embed` knows of a set beyond its rows. */
export interface EmbeddedSet {
  readonly report: EmbeddedReport;
  /** Pictures and captions that never became rows. */
  readonly dropped: readonly DroppedInput[];
  /** Folder in which the set is put together. */
  readonly staging: string;
  /** Called when the set is complete in `folder` and before it is put in its place. */
  beforePublishing(folder: string): Promise<void>;
}

export interface SetToWrite {
  readonly out: string;
  readonly force: boolean;
  /** Folder of the pictures. */
  readonly root: PictureRoot | undefined;
  readonly model: string | null;
  /** What made the rows, where it was Viaduct. */
  readonly encoder?: EncoderRecord | null;
  readonly dropInvalid: boolean;
  /** Puts further files into the set's folder; returns their names. */
  readonly addFiles?: (folder: string) => Promise<readonly string[]>;
  readonly embedded?: EmbeddedSet;
}

/** Checks the inputs row by row and writes them as an embedding set. */
export async function writeSet(
  inputs: ImportInputs,
  { out, force, root, model, encoder = null, dropInvalid, addFiles, embedded }: SetToWrite,
  effects: ImportEffects,
): Promise<Imported> {
  const place = { ...setFolder(force), ...(embedded ? { staging: embedded.staging } : {}) };
  const manifest = await publishFolder(out, place, async (staging) => {
    const { image, text } = await copyBoth(inputs, staging, dropInvalid, effects);
    const items = {
      image: keepItems(inputs.image.items, image.kept),
      text: keepItems(inputs.text.items, text.kept),
    };
    const pairs = renumberPairs(inputs.pairs, image.renumber, text.renumber);
    await writeItems(join(staging, setLayout.imageItems), items.image);
    await writeItems(join(staging, setLayout.textItems), items.text);
    await writePairs(join(staging, setLayout.pairs), pairs);
    const anyDropped = await writeDropped(staging, image, text, embedded?.dropped);
    const added = (await addFiles?.(staging)) ?? [];
    const report: ImportReport = {
      image: modalityReport(inputs, "image", image, items.image, pairs),
      text: modalityReport(inputs, "text", text, items.text, pairs),
      pairs: {
        read: inputs.pairs.image.length,
        dropped: inputs.pairs.image.length - pairs.image.length,
        count: pairs.image.length,
        repeated: repeatedPairs(pairs, text.kept.length),
        by: inputs.pairedBy,
      },
      pictures: await checkPictures(
        items.image.file,
        image.kept,
        root,
        (done) => effects.progress?.({ stage: "pictures", done, total: items.image.rows, unit: "files" }),
        effects.signal,
      ),
      leftOutColumns: [...inputs.leftOutColumns],
      embedded: embedded?.report ?? null,
    };
    const { images, texts, imageItems, textItems, pairs: pairTable, dropped } = setLayout;
    const written = [images, texts, imageItems, textItems, pairTable];
    const files = await listFiles(staging, [...written, ...(anyDropped ? [dropped] : []), ...added]);
    const made: EmbeddingSetManifest = {
      schemaVersion: setSchemaVersion,
      kind: setKind,
      version: packageVersion(),
      model,
      encoder,
      dimension: inputs.dimension,
      image: { rows: image.kept.length, dtype: inputs.image.dtype },
      text: { rows: text.kept.length, dtype: inputs.text.dtype },
      pairs: pairs.image.length,
      imageRoot: root ? relativePath(resolve(out), root.path) : null,
      sources: [...inputs.sources],
      report,
      dataHash: dataHash(inputs.dimension, files, pairs),
      files,
    };
    await writeJson(join(staging, setLayout.manifest), made);
    await embedded?.beforePublishing(staging);
    return made;
  });
  return { path: resolve(out), manifest, report: manifest.report };
}

async function copyBoth(
  inputs: ImportInputs,
  staging: string,
  dropInvalid: boolean,
  { progress = silent, signal }: ImportEffects,
): Promise<Record<Modality, CheckedRows>> {
  const total = inputs.image.rows.rows + inputs.text.rows.rows;
  let done = 0;
  const copy = (modality: Modality, file: string): Promise<CheckedRows> =>
    copyRows({
      rows: inputs[modality].rows,
      dtype: inputs[modality].dtype,
      out: join(staging, file),
      signal,
      onBlock: (rows) => progress({ stage: "import", done: (done += rows), total, unit: "rows" }),
    });
  const image = await copy("image", setLayout.images);
  const text = await copy("text", setLayout.texts);
  if (image.dropped.length + text.dropped.length > 0 && !dropInvalid) {
    const found = [unusable(image, "image"), unusable(text, "text")].filter((part) => part !== "");
    throw badInput(
      `${found.join("; ")} cannot be used; correct them, or leave them out with --drop-invalid.`,
    );
  }
  if (total > 0 && image.kept.length + text.kept.length === 0) {
    throw badInput(
      "No usable row is left; every one has NaN, an infinity or only zeros: make the embeddings again.",
    );
  }
  return { image, text };
}

/** "2 of 15,157 image rows (1 all zero: row 322; 1 with NaN or infinities: row 7)". */
function unusable({ renumber, dropped, report }: CheckedRows, modality: Modality): string {
  if (dropped.length === 0) return "";
  const kind = ({ count, first }: { count: number; first: number[] }, what: string): string[] =>
    count === 0
      ? []
      : [
          `${count.toLocaleString("en-US")} ${what}: row ${first.join(", ")}${count > first.length ? ", …" : ""}`,
        ];
  const kinds = [...kind(report.zero, "all zero"), ...kind(report.nonFinite, "with NaN or infinities")];
  const counted = `${dropped.length.toLocaleString("en-US")} of ${renumber.length.toLocaleString("en-US")}`;
  return `${counted} ${modality} rows (${kinds.join("; ")})`;
}

function modalityReport(
  inputs: ImportInputs,
  modality: Modality,
  checked: CheckedRows,
  items: Items,
  pairs: PairTable,
): ModalityReport {
  const rows = checked.kept.length;
  return {
    read: inputs[modality].rows.rows,
    dropped: checked.dropped.length,
    rows,
    dtype: inputs[modality].dtype,
    ...checked.report,
    unpaired: unpairedRows(rows, pairs[modality]),
    withCaption: items.caption.filter((caption) => caption !== null).length,
    withFile: items.file.filter((file) => file !== null).length,
  };
}

/** Relative where both lie on one volume, with forward slashes. */
function relativePath(from: string, to: string): string {
  if (parse(from).root !== parse(to).root) return to;
  return relative(from, to).replaceAll("\\", "/") || ".";
}

function dataHash(dimension: number, files: readonly ListedFile[], pairs: PairTable): string {
  const hashOf = (path: string): string => files.find((file) => file.path === path)?.sha256 ?? "";
  const numbers = (rows: Uint32Array): string =>
    sha256Of(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
  return sha256Of(
    [
      dimension,
      hashOf(setLayout.images),
      hashOf(setLayout.texts),
      numbers(pairs.image),
      numbers(pairs.text),
    ].join("\n"),
  );
}
