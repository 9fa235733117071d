/** What an import reads, opened and checked against each other. */
import { basename } from "node:path";
import { badInput } from "../base/errors.ts";
import type { Modality, PairTable, RowSource } from "../base/rows.ts";
import { joinRows } from "../formats/shards.ts";
import { openMatrixFile, type MatrixFile } from "../platform/node/files/matrix-file.ts";
import { readTableFile, type TableFile } from "../platform/node/files/table-file.ts";
import type { SetSource } from "../protocol/embedding-set.ts";
import { itemsFrom, joinItems, noItems, type Items } from "./import-items.ts";
import { noPairs, pairsByRow, pairsFrom } from "./import-pairs.ts";
import { inputFiles } from "./import-files.ts";
import type { ImportOptions, InputFiles } from "./import-options.ts";

export interface ModalityInput {
  readonly rows: RowSource;
  /** What the set stores: float16 only if all shards are. */
  readonly dtype: "float16" | "float32";
  readonly items: Items;
}

export interface ImportInputs {
  readonly dimension: number;
  readonly image: ModalityInput;
  readonly text: ModalityInput;
  readonly pairs: PairTable;
  readonly pairedBy: "table" | "row" | "none";
  readonly sources: readonly SetSource[];
  readonly leftOutColumns: readonly { file: string; column: string; reason: string }[];
  close(): Promise<void>;
}

export async function openInputs(options: ImportOptions): Promise<ImportInputs> {
  const files = await inputFiles(options);
  const open: MatrixFile[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.splice(0).map((file) => file.close()));
  };
  try {
    const images = await openShards(files.images, "image", open);
    const texts = await openShards(files.texts, "text", open);
    if (files.equalShards) requireEqualShards(images, texts);
    const dimension = commonDimension([...images, ...texts]);
    const sources: SetSource[] = [...images, ...texts].map((file, i) => ({
      role: i < images.length ? "image-embeddings" : "text-embeddings",
      file: file.name,
      rows: file.rows.rows,
      bytes: file.bytes,
      dtype: file.type,
    }));
    const leftOutColumns: { file: string; column: string; reason: string }[] = [];
    const read = async (path: string, role: SetSource["role"]): Promise<TableFile> => {
      const file = await readTableFile(path);
      const { name, rows, leftOut } = file.table;
      sources.push({ role, file: name, rows, bytes: file.bytes, dtype: null });
      leftOutColumns.push(...leftOut.map(({ column, reason }) => ({ file: name, column, reason })));
      return file;
    };
    const image = await modalityInput("image", images, files.imageItems, dimension, (path) =>
      read(path, "image-items"),
    );
    const text = await modalityInput("text", texts, files.textItems, dimension, (path) =>
      read(path, "text-items"),
    );
    const [pairs, pairedBy] = await openPairs(files, image.rows.rows, text.rows.rows, (path) =>
      read(path, "pairs"),
    );
    return { dimension, image, text, pairs, pairedBy, sources, leftOutColumns, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openShards(
  paths: readonly string[],
  modality: Modality,
  open: MatrixFile[],
): Promise<MatrixFile[]> {
  const shards: MatrixFile[] = [];
  for (const path of paths) {
    const file = await openMatrixFile(path, modality);
    open.push(file);
    shards.push(file);
  }
  return shards;
}

function requireEqualShards(images: readonly MatrixFile[], texts: readonly MatrixFile[]): void {
  for (const [i, text] of texts.entries()) {
    const image = images[i];
    if (image === undefined || image.rows.rows === text.rows.rows) continue;
    throw badInput(
      `${image.name} has ${image.rows.rows.toLocaleString("en-US")} rows and ${text.name} ${text.rows.rows.toLocaleString("en-US")}; expected as many, as row i of both belongs together: the folder is incomplete, copy it again.`,
    );
  }
}

function commonDimension(files: readonly MatrixFile[]): number {
  const filled = files.filter((file) => file.rows.rows > 0);
  const [first] = filled;
  if (!first)
    throw badInput(`${files.map((file) => file.name).join(", ")}: no rows; expected at least one embedding.`);
  for (const file of filled) {
    if (file.rows.columns !== first.rows.columns) {
      throw badInput(
        `${file.name} has ${file.rows.columns} dimensions and ${first.name} ${first.rows.columns}; expected one joint space: images and texts must come from the same model.`,
      );
    }
  }
  if (first.rows.columns === 0) throw badInput(`${first.name} has rows of 0 numbers; expected embeddings.`);
  return first.rows.columns;
}

async function modalityInput(
  modality: Modality,
  shards: readonly MatrixFile[],
  itemFiles: readonly string[],
  dimension: number,
  read: (path: string) => Promise<TableFile>,
): Promise<ModalityInput> {
  const filled = shards.filter((file) => file.rows.rows > 0);
  const rows = joinRows(
    filled.map((file) => file.rows),
    dimension,
  );
  const dtype = filled.length > 0 && filled.every((file) => file.type === "float16") ? "float16" : "float32";
  const parts: Items[] = [];
  for (const [i, path] of itemFiles.entries()) {
    const shard = itemFiles.length > 1 ? shards[i] : undefined;
    const embeddings = shard?.name ?? shards.map((file) => basename(file.name)).join(" + ");
    parts.push(itemsFrom(await read(path), shard?.rows.rows ?? rows.rows, embeddings, modality));
  }
  return { rows, dtype, items: parts.length === 0 ? noItems(rows.rows) : joinItems(parts) };
}

async function openPairs(
  files: InputFiles,
  images: number,
  texts: number,
  read: (path: string) => Promise<TableFile>,
): Promise<[PairTable, ImportInputs["pairedBy"]]> {
  if (files.pairs !== undefined) return [pairsFrom((await read(files.pairs)).table, images, texts), "table"];
  if (!files.pairedRows) return [noPairs, "none"];
  if (images !== texts) {
    throw badInput(
      `There are ${images.toLocaleString("en-US")} image rows and ${texts.toLocaleString("en-US")} text rows, so they cannot be paired row by row; give a table of image_row, text_row with --pairs.`,
    );
  }
  return [pairsByRow(images), "row"];
}
