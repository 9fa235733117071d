/**
 * How the concepts of a dictionary match those of another one of the same study, as `compare` keeps
 * it: stability/<other>.parquet, and stability/<other>.json, which is written last.
 */
import { z } from "zod";
import { studySchemaVersion } from "./study.ts";

/** stability/<other>.parquet: row j is concept j. */
export interface ConceptMatchRow {
  concept: number;
  /** The concept of the other dictionary under the best one-to-one matching; null without one. */
  match: number | null;
  /** Cosine of the two atoms; null without a match. */
  cosine: number | null;
}

/** stability/<other>.json */
export const stabilityRecord = z.object({
  schemaVersion: z.literal(studySchemaVersion),
  kind: z.literal("stability"),
  name: z.string(),
  other: z.string(),
  /** SHA-256 of the other dictionary's manifest: one that was made anew has other concepts. */
  otherManifest: z.string(),
  /** Concepts matched one to one. */
  matched: z.int(),
  /** Mean matched cosine, and the same of both before their first step (null where one has no start). */
  stability: z.number(),
  stabilityAtInit: z.number().nullable(),
  /** Of one of the two and random unit rows, as many as the other has. */
  stabilityRandom: z.number(),
});
export type StabilityRecord = z.infer<typeof stabilityRecord>;
