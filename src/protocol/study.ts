/**
 * The study's manifest (study.json) and the record of one training run (run.json, manifest.json).
 * A dictionary exists when its manifest does: that file is written last.
 */
import { z } from "zod";

export const studySchemaVersion = 1;

/** study.json */
export const studyManifest = z.object({
  schemaVersion: z.literal(studySchemaVersion),
  kind: z.literal("study"),
  name: z.string(),
  set: z.object({
    /** Folder of the embedding set, relative to the study where both lie on one volume. */
    path: z.string(),
    /** Hash of the set's data: a study refuses a set with another one. */
    dataHash: z.string(),
    model: z.string().nullable(),
    dimension: z.int(),
    imageRows: z.int(),
    textRows: z.int(),
    pairs: z.int(),
  }),
});
export type StudyManifest = z.infer<typeof studyManifest>;

/** One file of a published folder. */
export const fileRecord = z.object({ path: z.string(), bytes: z.int(), sha256: z.string() });

/** dictionaries/<name>/manifest.json and analysis/manifest.json */
export const folderManifest = z.object({
  schemaVersion: z.literal(studySchemaVersion),
  kind: z.enum(["dictionary", "analysis"]),
  name: z.string(),
  files: z.array(fileRecord),
});
export type FolderManifest = z.infer<typeof folderManifest>;

/** The numbers reported for a set of rows, null where the rows do not vary; units and definitions in docs/metrics. */
export const reconstructionMetrics = z.object({
  rows: z.int(),
  r2: z.number().nullable(),
  r2ScalarMean: z.number().nullable(),
  fvu: z.number().nullable(),
  cosine: z.number(),
  activePerSample: z.number(),
  deadFraction: z.number(),
});
export type ReconstructionMetrics = z.infer<typeof reconstructionMetrics>;

/** The rows that a run learned from, where these are not all of its set. */
export const dietRecord = z.object({
  /** Conditions on item columns that all hold. */
  where: z.array(z.object({ column: z.string(), values: z.array(z.string()), negated: z.boolean() })),
  /** A list of file names of items, with the hash of the names. */
  files: z.object({ list: z.string(), names: z.int(), sha256: z.string() }).nullable(),
  /** Share of the rows of each modality. */
  share: z.number().nullable(),
  /** Weights of image and text rows; null: as many of each as there are. */
  mixture: z.object({ image: z.number(), text: z.number() }).nullable(),
  /** Rows asked for in all; null: the most there are. */
  rows: z.int().nullable(),
  /** Seed of what was drawn. */
  drawSeed: z.int(),
  /** What that came to. */
  image: z.int(),
  text: z.int(),
  pairs: z.int(),
});
export type DietRecord = z.infer<typeof dietRecord>;

/** run.json */
export const runRecord = z.object({
  schemaVersion: z.literal(studySchemaVersion),
  kind: z.literal("run"),
  name: z.string(),
  learner: z.string(),
  /** What the user asked for, and what it resolved to. */
  options: z.record(z.string(), z.unknown()),
  config: z.record(z.string(), z.unknown()),
  version: z.string(),
  engine: z.object({ backend: z.string(), product: z.string(), threads: z.int() }),
  dataHash: z.string(),
  /** null: all rows of the set, less the held-out ones. */
  diet: dietRecord.nullable().default(null),
  preparation: z.object({
    centring: z.enum(["global", "per-modality", "none"]),
    /** One each in the modality-specific design. */
    scale: z.union([z.number(), z.object({ image: z.number(), text: z.number() })]),
  }),
  steps: z.int(),
  ended: z.string(),
  /** The rows whose L0 set the threshold, where the method has one to set. */
  calibratedOn: z.enum(["train", "held-out"]).optional(),
  /** What the user has to know about this run, a line each. */
  notes: z.array(z.string()).default([]),
  startedAt: z.string(),
  /** Seconds of training, over all sittings of a resumed run. */
  seconds: z.number(),
  /**
   * With the saved weights and the inference threshold, over raw rows: `all`, `image` and `text` of the
   * whole set, `train` and `heldOut` of the rows that the run was given.
   */
  metrics: z.object({
    all: reconstructionMetrics,
    image: reconstructionMetrics.nullable(),
    text: reconstructionMetrics.nullable(),
    train: reconstructionMetrics,
    heldOut: reconstructionMetrics.nullable(),
  }),
});
export type RunRecord = z.infer<typeof runRecord>;
