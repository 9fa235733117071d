/**
 * `viaduct join`: several embedding sets of one model as one. Rows follow each other set by set, pairs
 * are renumbered, items keep their columns, and a column `set` says where each row came from.
 */
import { basename, join, resolve } from "node:path";
import { badInput, badUsage } from "../../base/errors.ts";
import type { Modality, PairTable } from "../../base/rows.ts";
import { joinRows } from "../../formats/shards.ts";
import type { Cell } from "../../formats/table.ts";
import { checkTarget } from "../../platform/node/files/staged-folder.ts";
import { duplicateColumn, type SetSource } from "../../protocol/embedding-set.ts";
import type { EncoderRecord } from "../../protocol/encoder-record.ts";
import { setLayout } from "../../protocol/study-layout.ts";
import { itemColumns, type ItemTable } from "../embedding-set-items.ts";
import { openEmbeddingSet, type EmbeddingSet } from "../embedding-set.ts";
import { joinItems, type Items } from "../import-items.ts";
import { setFolder, writeSet, type ImportEffects, type Imported } from "../import.ts";
import { joinPictures } from "./joined-pictures.ts";
import { joinThumbnails } from "./joined-thumbnails.ts";

export interface JoinOptions {
  /** Folders of the embedding sets, in the order of their rows. */
  readonly sets: readonly string[];
  /** Folder of the joined set; it must not exist or be empty. */
  readonly out: string;
  /** Replace an embedding set at `out` that holds nothing else. Default false. */
  readonly force?: boolean;
  /** The model of those sets that name none. */
  readonly model?: string;
}

export interface Joined extends Imported {
  readonly notes: readonly string[];
}

export async function joinSets(options: JoinOptions, effects: ImportEffects = {}): Promise<Joined> {
  const { out, force = false } = options;
  if (options.sets.length < 2) {
    throw badUsage(`${options.sets.length} set is named; expected at least two to join`);
  }
  await checkTarget(resolve(out), out, setFolder(force));
  const sets: EmbeddingSet[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(sets.map((set) => set.close()));
  };
  try {
    for (const path of options.sets) sets.push(await openEmbeddingSet(path, { verify: true }));
    const dimension = commonDimension(sets);
    const model = commonModel(sets, options.model);
    requireDifferent(sets);
    const names = namesOf(sets);
    const pictures = await joinPictures(
      await Promise.all(
        sets.map(async ({ imageRoot, items }) => ({
          root: imageRoot,
          files: await texts(items.image, "file"),
        })),
      ),
    );
    const joined = async (modality: Modality) => ({
      rows: joinRows(
        sets.map((set) => set.embeddings[modality]),
        dimension,
      ),
      dtype: sets.every(
        (set) => set.manifest[modality].rows === 0 || set.manifest[modality].dtype === "float16",
      )
        ? ("float16" as const)
        : ("float32" as const),
      items: joinItems(
        await Promise.all(
          sets.map((set, at) =>
            itemsOf(
              set.items[modality],
              names[at]!,
              modality === "image" ? pictures.files[at]! : null,
              sets.slice(0, at).reduce((rows, before) => rows + before.manifest.image.rows, 0),
            ),
          ),
        ),
      ),
    });
    const written = await writeSet(
      {
        dimension,
        image: await joined("image"),
        text: await joined("text"),
        pairs: joinPairs(sets),
        pairedBy: sets.some((set) => set.embeddings.pairs.image.length > 0) ? "table" : "none",
        sources: sets.flatMap(sourcesOf),
        leftOutColumns: [],
        close,
      },
      {
        out,
        force,
        root: pictures.root,
        model,
        encoder: commonEncoder(sets),
        dropInvalid: false,
        addFiles: (folder) => joinThumbnails(sets, folder),
      },
      effects,
    );
    return { ...written, notes: pictures.note === null ? [] : [pictures.note] };
  } finally {
    await close();
  }
}

function commonDimension([first, ...others]: readonly EmbeddingSet[]): number {
  const { dimension } = first!.manifest;
  for (const other of others) {
    if (other.manifest.dimension === dimension) continue;
    throw badInput(
      `${first!.path} has ${dimension} dimensions and ${other.path} has ${other.manifest.dimension}; only sets of one model can be joined`,
    );
  }
  return dimension;
}

function commonModel(sets: readonly EmbeddingSet[], given: string | undefined): string | null {
  const named = sets.filter((set) => set.manifest.model !== null);
  const model = named[0]?.manifest.model ?? given ?? null;
  for (const { path, manifest } of named) {
    if (manifest.model === model && (given === undefined || given === model)) continue;
    const [one, its] = manifest.model === model ? ["--model", given] : [named[0]?.path, model];
    throw badInput(
      `${one} says ${its} and ${path} says ${manifest.model}; only sets of one model can be joined, others can be compared through shared items`,
    );
  }
  const unnamed = sets.find((set) => set.manifest.model === null);
  if (unnamed === undefined || given !== undefined) return model;
  throw badInput(
    model === null
      ? `${sets[0]?.path} and ${sets[1]?.path} name no model; if one made them all, say which with --model <name>`
      : `${named[0]?.path} was made by ${model} and ${unnamed.path} names no model; if it is the same, say so with --model ${model}`,
  );
}

/** The towers that made all of them, where they are the same ones, file by file. */
function commonEncoder(sets: readonly EmbeddingSet[]): EncoderRecord | null {
  const identity = ({ manifest: { encoder } }: EmbeddingSet): string | null =>
    encoder &&
    JSON.stringify([
      encoder.model,
      encoder.dtype,
      encoder.normalization,
      encoder.files.map(({ path, sha256 }) => [path, sha256]),
    ]);
  const [first] = sets;
  if (first === undefined || sets.some((set) => identity(set) !== identity(first))) return null;
  return first.manifest.encoder;
}

function requireDifferent(sets: readonly EmbeddingSet[]): void {
  const seen = new Map<string, string>();
  for (const { path, manifest } of sets) {
    const before = seen.get(manifest.dataHash);
    if (before !== undefined) throw badInput(`${before} and ${path} hold the same rows; name each set once`);
    seen.set(manifest.dataHash, path);
  }
}

/** The folders' names; whole paths where two are called the same. */
function namesOf(sets: readonly EmbeddingSet[]): readonly string[] {
  const short = sets.map((set) => basename(set.path));
  return new Set(short).size === short.length ? short : sets.map((set) => set.path);
}

async function texts(table: ItemTable, column: string): Promise<(string | null)[]> {
  return (await table.column(column)).map((cell) => (cell === null ? null : String(cell)));
}

/** All columns; `set` is added, or filled in where an earlier join left it. */
async function itemsOf(
  table: ItemTable,
  set: string,
  files: readonly (string | null)[] | null,
  imagesBefore: number,
): Promise<Items> {
  const further = new Map<string, readonly Cell[]>();
  for (const name of table.furtherColumns) further.set(name, await table.column(name));
  // A row number within the set, as `embed` gives it.
  const duplicates = further.get(duplicateColumn);
  if (files !== null && duplicates !== undefined) {
    further.set(
      duplicateColumn,
      duplicates.map((row) => (row === null ? null : Number(row) + imagesBefore)),
    );
  }
  const [, , caption, source] = itemColumns;
  const from = further.get("set") ?? Array.from<Cell>({ length: table.rows }).fill(null);
  further.set(
    "set",
    from.map((cell) => cell ?? set),
  );
  return {
    rows: table.rows,
    file: files ?? (await texts(table, "file")),
    caption: await texts(table, caption),
    source: await texts(table, source),
    further,
  };
}

function joinPairs(sets: readonly EmbeddingSet[]): PairTable {
  const image: number[] = [];
  const text: number[] = [];
  let [images, captions] = [0, 0];
  for (const { embeddings } of sets) {
    for (const row of embeddings.pairs.image) image.push(images + row);
    for (const row of embeddings.pairs.text) text.push(captions + row);
    images += embeddings.image.rows;
    captions += embeddings.text.rows;
  }
  return { image: Uint32Array.from(image), text: Uint32Array.from(text) };
}

function sourcesOf({ path, manifest }: EmbeddingSet): SetSource[] {
  const bytes = (file: string): number => manifest.files.find((one) => one.path === file)?.bytes ?? 0;
  const source = (role: SetSource["role"], file: string, rows: number, dtype: string | null): SetSource => ({
    role,
    file: join(path, file),
    rows,
    bytes: bytes(file),
    dtype,
  });
  const { image, text, pairs } = manifest;
  return [
    source("image-embeddings", setLayout.images, image.rows, image.dtype),
    source("text-embeddings", setLayout.texts, text.rows, text.dtype),
    source("image-items", setLayout.imageItems, image.rows, null),
    source("text-items", setLayout.textItems, text.rows, null),
    source("pairs", setLayout.pairs, pairs, null),
  ];
}
