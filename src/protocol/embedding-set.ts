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

/** Column of image items that names the first row whose picture has the same bytes. */
export const duplicateColumn = "duplicate_of";

/** A count with the first few names. */
const namedCount = z.object({ count: z.int(), first: z.array(z.string()) });

/** What `embed` found of pictures and captions. */
export const embeddedReport = z.object({
  /** What the pictures and the captions came from, for people. */
  from: z.string(),
  captionsFrom: z.string().nullable(),
  pictures: z.object({
    /** Pictures that the input names and that are there. */
    found: z.int(),
    embedded: z.int(),
    /** Left out: files that are no pictures, are damaged, or give no usable embedding. */
    unreadable: z.object({
      count: z.int(),
      first: z.array(z.object({ file: z.string(), reason: z.string() })),
    }),
    /** Named by the input and left out. */
    missing: namedCount,
    outside: namedCount,
    web: namedCount,
    cutOff: namedCount,
    withoutCaption: z.int(),
    withoutThumbnail: z.int(),
    /** Files with the same bytes as an earlier one; they are kept. */
    duplicates: z.object({
      count: z.int(),
      first: z.array(z.object({ file: z.string(), of: z.string() })),
    }),
  }),
  captions: z.object({
    embedded: z.int(),
    /** Of those, texts without pictures. */
    alone: z.int(),
    /** Left out: nothing but blanks; of a picture that is not there; of one that cannot be read. */
    empty: namedCount,
    withoutPicture: namedCount,
    ofUnreadable: z.int(),
  }),
  /** Files of the folder that were not looked at, by ending. */
  otherFiles: z.record(z.string(), z.int()),
  /** At most so many pictures were asked for; null: all. */
  limit: z.int().nullable(),
  /** Pictures, or texts, that went through a tower together. */
  batch: z.int(),
  /** encoder.json as it was in force: preparation of pictures, tokenizing, pooling. */
  description: z.record(z.string(), z.unknown()),
});
export type EmbeddedReport = z.infer<typeof embeddedReport>;

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
  /** null where the embeddings were imported. */
  embedded: embeddedReport.nullable().default(null),
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
