/**
 * The manifest of an embedding set (manifest.json): what it holds, what was checked, where it
 * came from. docs/embedding-set.md describes the folder.
 */
import { z } from "zod";
import { encoderRecord } from "./encoder-record.ts";
import { fileRecord } from "./study.ts";

export const setSchemaVersion = 1;
export const setKind = "embedding-set";

/** A count of rows with the first row numbers, 0-based. */
const rowCount = z.object({ count: z.int(), first: z.array(z.int()) });

/** What the check of one modality's rows found. Row numbers are those of the input files. */
export const modalityReport = z.object({
  /** Rows in the input, rows left out, rows in the set. */
  read: z.int(),
  dropped: z.int(),
  rows: z.int(),
  /** How the set stores them. */
  dtype: z.enum(["float16", "float32"]),
  /** Euclidean norms over the set's rows; null without rows. */
  norms: z.object({ min: z.number(), mean: z.number(), max: z.number() }).nullable(),
  /** Rows with NaN or an infinity. */
  nonFinite: rowCount,
  /** Rows of zeros only. */
  zero: rowCount,
  /** Rows of the set that equal an earlier one, bit by bit. */
  duplicates: rowCount,
  /** Rows of the set in no pair. */
  unpaired: z.int(),
  withCaption: z.int(),
  withFile: z.int(),
});
export type ModalityReport = z.infer<typeof modalityReport>;

export const importReport = z.object({
  image: modalityReport,
  text: modalityReport,
  pairs: z.object({
    /** Pairs in the input, left out with a dropped row, in the set. */
    read: z.int(),
    dropped: z.int(),
    count: z.int(),
    /** Pairs that repeat an earlier one; they are kept. */
    repeated: z.int(),
    /** How the pairs were given. */
    by: z.enum(["table", "row", "none"]),
  }),
  /** Picture files of the set's image rows. */
  pictures: z.object({
    /** False when there was no image root to look in. */
    checked: z.boolean(),
    found: z.int(),
    missing: rowCount,
    /** Files whose path leads out of the image root; they are not shown. */
    outside: rowCount,
    /** Addresses on the web: kept as they are and not looked for. */
    web: z.int(),
    /** Rows that name no file. */
    unnamed: z.int(),
  }),
  /** Columns of item tables that were not kept. */
  leftOutColumns: z.array(z.object({ file: z.string(), column: z.string(), reason: z.string() })),
});
export type ImportReport = z.infer<typeof importReport>;

/** One input file. */
export const setSource = z.object({
  role: z.enum([
    "image-embeddings",
    "text-embeddings",
    "image-items",
    "text-items",
    "pairs",
    // Of `embed`: a folder or archive of pictures, a file of captions, texts without pictures.
    "pictures",
    "archive",
    "captions",
    "texts",
  ]),
  /** As the user wrote it, with `#key` where a tensor or column was chosen. */
  file: z.string(),
  rows: z.int(),
  bytes: z.int(),
  /** Number type in the file; null for tables. */
  dtype: z.string().nullable(),
});
export type SetSource = z.infer<typeof setSource>;

export const embeddingSetManifest = z.object({
  schemaVersion: z.literal(setSchemaVersion),
  kind: z.literal(setKind),
  /** Version of the library that wrote it. */
  version: z.string(),
  /** The model the embeddings came from, as the user named it. */
  model: z.string().nullable(),
  /** What made the rows; null where they were imported. */
  encoder: encoderRecord.nullable().default(null),
  dimension: z.int(),
  image: z.object({ rows: z.int(), dtype: z.enum(["float16", "float32"]) }),
  text: z.object({ rows: z.int(), dtype: z.enum(["float16", "float32"]) }),
  pairs: z.int(),
  /** Folder of the pictures, relative to the set (absolute when it lies on another volume). */
  imageRoot: z.string().nullable(),
  sources: z.array(setSource),
  report: importReport,
  /** SHA-256 over what training and measuring depend on: both matrices and the pairs. */
  dataHash: z.string(),
  files: z.array(fileRecord),
});
export type EmbeddingSetManifest = z.infer<typeof embeddingSetManifest>;
