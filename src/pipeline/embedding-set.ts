/** Opens an embedding set that `import` wrote. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { EmbeddingRows, Modality, PairTable, RowSource } from "../base/rows.ts";
import { badInput } from "../base/errors.ts";
import { rowsOf } from "../formats/matrix.ts";
import { npyMatrix } from "../formats/npy.ts";
import { readParquet } from "../formats/parquet.ts";
import { verifyFiles } from "../platform/node/files/file-list.ts";
import { openFile, type FileSource } from "../platform/node/files/file-source.ts";
import { loadMatrix, matrixBytes } from "../platform/node/files/load-matrix.ts";
import { isWebAddress } from "../base/web-address.ts";
import { openPictureRoot, type PictureRoot } from "../platform/node/files/picture-root.ts";
import { readJson } from "../platform/node/files/read-json.ts";
import { embeddingSetManifest, type EmbeddingSetManifest } from "../protocol/embedding-set.ts";
import { setLayout } from "../protocol/study-layout.ts";
import { openItemTable, type Item, type ItemTable } from "./embedding-set-items.ts";

export interface OpenSetOptions {
  /** Matrices up to this many bytes together are read into memory. Default 1 GiB. */
  readonly memoryLimit?: number;
  /** Folder of the pictures, instead of the one that the manifest names. */
  readonly imageRoot?: string;
  /** Compare every file's SHA-256 with the manifest; sizes are always compared. Default false. */
  readonly verify?: boolean;
}

export interface EmbeddingSet {
  /** Absolute path of the folder. */
  readonly path: string;
  readonly manifest: EmbeddingSetManifest;
  /** Image and text rows with their pairs: what learners and metrics take. */
  readonly embeddings: EmbeddingRows;
  readonly items: Readonly<Record<Modality, ItemTable>>;
  /** Absolute path of the folder of the pictures; null when there is none. */
  readonly imageRoot: string | null;
  /** The picture of an image row: a file inside the image root, or null. */
  picturePath(imageRow: number): Promise<string | null>;
  close(): Promise<void>;
}

export async function openEmbeddingSet(path: string, options: OpenSetOptions = {}): Promise<EmbeddingSet> {
  if (!existsSync(join(path, setLayout.manifest))) {
    throw badInput(
      `${path} is no embedding set (it has no ${setLayout.manifest}); make one with: viaduct import … --out ${path}`,
    );
  }
  const manifest = await readJson(join(path, setLayout.manifest), parseManifest);
  await verifyFiles(path, manifest.files, { content: options.verify ?? false });
  const open: FileSource[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.splice(0).map((file) => file.close()));
  };
  const file = async (name: string): Promise<FileSource> => {
    const opened = await openFile(join(path, name));
    open.push(opened);
    return opened;
  };
  try {
    const { image, text } = await matrices(
      await file(setLayout.images),
      await file(setLayout.texts),
      options,
    );
    checkShape(path, manifest, image, text);
    const items = {
      image: await openItemTable(await file(setLayout.imageItems)),
      text: await openItemTable(await file(setLayout.textItems)),
    };
    const pairs = await readPairs(await file(setLayout.pairs));
    const root = await pictureRoot(path, manifest, options.imageRoot);
    return {
      path: resolve(path),
      manifest,
      embeddings: { dimension: manifest.dimension, image, text, pairs },
      items,
      imageRoot: root?.path ?? null,
      async picturePath(imageRow) {
        const [item] = await items.image.at([imageRow]);
        return item && root ? picture(root, item) : null;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function parseManifest(value: unknown, name: string): EmbeddingSetManifest {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  const result = embeddingSetManifest.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw badInput(
    `${name} is no manifest of an embedding set (schema version ${String(version)}): ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}; name a folder that "viaduct import" wrote.`,
    result.error,
  );
}

async function matrices(
  images: FileSource,
  texts: FileSource,
  { memoryLimit = 2 ** 30 }: OpenSetOptions,
): Promise<{ image: RowSource; text: RowSource }> {
  const stored = { image: await npyMatrix(images), text: await npyMatrix(texts) };
  if (matrixBytes(stored.image) + matrixBytes(stored.text) > memoryLimit) {
    return { image: rowsOf(stored.image), text: rowsOf(stored.text) };
  }
  return { image: rowsOf(await loadMatrix(stored.image)), text: rowsOf(await loadMatrix(stored.text)) };
}

function checkShape(path: string, manifest: EmbeddingSetManifest, image: RowSource, text: RowSource): void {
  for (const [name, rows, expected] of [
    [setLayout.images, image, manifest.image.rows],
    [setLayout.texts, text, manifest.text.rows],
  ] as const) {
    if (rows.rows !== expected || rows.columns !== manifest.dimension) {
      throw badInput(
        `${join(path, name)} is ${rows.rows} x ${rows.columns}; its manifest says ${expected} x ${manifest.dimension}: it was changed, import the set again.`,
      );
    }
  }
}

async function readPairs(source: FileSource): Promise<PairTable> {
  const { columns } = await readParquet(source, { columns: ["image_row", "text_row"] });
  const numbers = (name: string): Uint32Array => Uint32Array.from(columns.get(name) ?? [], Number);
  return { image: numbers("image_row"), text: numbers("text_row") };
}

/** A root that has moved or was never given costs the pictures, not the set. */
async function pictureRoot(
  path: string,
  manifest: EmbeddingSetManifest,
  given: string | undefined,
): Promise<PictureRoot | null> {
  if (given !== undefined) return openPictureRoot(given);
  if (!manifest.imageRoot) return null;
  return openPictureRoot(resolve(path, manifest.imageRoot)).catch(() => null);
}

function picture(root: PictureRoot, item: Item): string | null {
  if (item.file === null || isWebAddress(item.file)) return null;
  const found = root.find(item.file);
  return found.state === "found" ? found.path : null;
}
