/**
 * A matrix of embeddings in a file: .npy, .npz, .safetensors or Parquet. Which tensor or column
 * of several is meant is said by `file#key`, else by its name, else it is an error that lists them.
 */
import { existsSync } from "node:fs";
import { extname } from "node:path";
import type { Modality, RowSource } from "../../../base/rows.ts";
import { badInput } from "../../../base/errors.ts";
import { readBytes } from "../../../formats/byte-source.ts";
import { rowsOf, type StoredMatrix } from "../../../formats/matrix.ts";
import { npyMatrix } from "../../../formats/npy.ts";
import { readNpz } from "../../../formats/npz.ts";
import type { NumberType } from "../../../formats/number-type.ts";
import { parquetRows } from "../../../formats/parquet-matrix.ts";
import { floatListColumns, floatListType } from "../../../formats/parquet-pages.ts";
import { parquetColumns, readParquetMetadata } from "../../../formats/parquet.ts";
import { matrixTensors, readSafetensorsHeader, safetensorsMatrix } from "../../../formats/safetensors.ts";
import { openFile, type FileSource } from "./file-source.ts";

export interface MatrixFile {
  /** As the user wrote it, with `#key` where one was chosen. */
  readonly name: string;
  readonly rows: RowSource;
  readonly type: NumberType;
  /** Size of the file. */
  readonly bytes: number;
  close(): Promise<void>;
}

/** Endings of the files that can hold a matrix. */
export const matrixEndings: readonly string[] = [".npy", ".npz", ".safetensors", ".parquet", ".pq"];

/** Opens the matrix in `given`: a path, or `path#key`. */
export async function openMatrixFile(given: string, modality: Modality): Promise<MatrixFile> {
  const { path, key } = splitKey(given);
  const file = await openFile(path);
  try {
    const { name, rows, type } = await readMatrix(file, await formatOf(file), key, modality);
    return { name, rows, type, bytes: file.byteLength, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A `#` may also be part of a file's name: a file of that very name wins. */
function splitKey(given: string): { path: string; key: string | undefined } {
  const hash = given.lastIndexOf("#");
  if (hash <= 0 || existsSync(given)) return { path: given, key: undefined };
  return { path: given.slice(0, hash), key: given.slice(hash + 1) };
}

type Format = "npy" | "npz" | "safetensors" | "parquet";

const byEnding: Readonly<Record<string, Format>> = {
  ".npy": "npy",
  ".npz": "npz",
  ".safetensors": "safetensors",
  ".parquet": "parquet",
  ".pq": "parquet",
};

async function formatOf(file: FileSource): Promise<Format> {
  const named = byEnding[extname(file.name).toLowerCase()];
  if (named) return named;
  const head = await readBytes(file, 0, Math.min(9, file.byteLength));
  const text = String.fromCharCode(...head);
  if (text.startsWith("\x93NUMPY")) return "npy";
  if (text.startsWith("PK\x03\x04")) return "npz";
  if (text.startsWith("PAR1")) return "parquet";
  if (text[8] === "{") return "safetensors";
  throw badInput(`${file.name} is of no known format; expected ${matrixEndings.join(", ")}.`);
}

interface Matrix {
  readonly name: string;
  readonly rows: RowSource;
  readonly type: NumberType;
}

async function readMatrix(
  file: FileSource,
  format: Format,
  key: string | undefined,
  modality: Modality,
): Promise<Matrix> {
  switch (format) {
    case "npy":
      if (key !== undefined)
        throw badInput(`${file.name} is a .npy file and holds one array; leave "#${key}" away.`);
      return stored(await npyMatrix(file));
    case "npz": {
      const entries = await readNpz(file);
      const chosen = choose(file.name, "array", entries, entries, key, modality);
      return stored(await npyMatrix(await chosen.open()));
    }
    case "safetensors": {
      const header = await readSafetensorsHeader(file);
      const all = [...header.tensors.values()];
      return stored(
        safetensorsMatrix(file, choose(file.name, "tensor", matrixTensors(header), all, key, modality)),
      );
    }
    case "parquet": {
      const metadata = await readParquetMetadata(file);
      const named = (name: string): { name: string } => ({ name });
      const { name } = choose(
        file.name,
        "column",
        floatListColumns(metadata).map(named),
        parquetColumns(metadata).map(named),
        key,
        modality,
      );
      if (!floatListColumns(metadata).includes(name)) {
        throw badInput(
          `${file.name}#${name} is no column of lists of floating-point numbers; ${candidates("column", floatListColumns(metadata))}.`,
        );
      }
      return {
        name: `${file.name}#${name}`,
        rows: await parquetRows(file, metadata, name),
        type: floatListType(metadata, name),
      };
    }
  }
}

function stored(matrix: StoredMatrix): Matrix {
  return { name: matrix.name, rows: rowsOf(matrix), type: matrix.type };
}

const hints: Readonly<Record<Modality, RegExp>> = {
  image: /(^|[^a-z])(images?|imgs?|visual|vision|pictures?|pixels?)([^a-z]|$)/i,
  text: /(^|[^a-z])(texts?|txts?|captions?|language|titles?)([^a-z]|$)/i,
};

/** The named part; else the only one; else the only one whose name speaks of the modality. */
function choose<T extends { readonly name: string }>(
  file: string,
  noun: string,
  usable: readonly T[],
  all: readonly T[],
  key: string | undefined,
  modality: Modality,
): T {
  if (key !== undefined) {
    const named = all.find((part) => part.name === key);
    if (named) return named;
    throw badInput(
      `${file} has no ${noun} "${key}"; ${candidates(
        noun,
        usable.map((part) => part.name),
      )}.`,
    );
  }
  if (usable.length === 1 && usable[0]) return usable[0];
  const hinted = usable.filter((part) => hints[modality].test(part.name));
  if (hinted.length === 1 && hinted[0]) return hinted[0];
  if (usable.length === 0) {
    throw badInput(
      `${file} has no ${noun} that can be embeddings (a matrix of floating-point numbers); it has ${all.map((part) => part.name).join(", ") || "none"}.`,
    );
  }
  throw badInput(
    `${file} has several ${noun}s that could be the ${modality} embeddings; ${candidates(
      noun,
      usable.map((part) => part.name),
    )}: choose one by writing ${file}#${usable[0]?.name ?? ""}.`,
  );
}

function candidates(noun: string, names: readonly string[]): string {
  if (names.length === 0) return `none of its ${noun}s can be embeddings`;
  return `its ${noun}s that can be embeddings: ${names.slice(0, 12).join(", ")}${names.length > 12 ? ", …" : ""}`;
}
