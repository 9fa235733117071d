/**
 * A static export of a study: the application beside the files that it reads, under the addresses
 * that the local server gives them. docs/export.md describes the folder.
 */
import { z } from "zod";
import { towerPlaces } from "./site-queries.ts";
import { fileRecord } from "./study.ts";

export const siteSchemaVersion = 1;
export const siteKind = "site";

export const pictureChoices = ["large", "small", "none"] as const;
export type PictureChoice = (typeof pictureChoices)[number];

export const siteParts = [
  "application",
  "tables",
  "codes",
  "vectors",
  "items",
  "pictures",
  "runtime",
  "towers",
  "embeddings",
] as const;
export type SitePart = (typeof siteParts)[number];

/** site.json */
export const siteManifest = z.object({
  schemaVersion: z.literal(siteSchemaVersion),
  kind: z.literal(siteKind),
  /** Version of the library that wrote it. */
  version: z.string(),
  study: z.string(),
  dataHash: z.string(),
  dictionaries: z.array(z.string()),
  /** Pictures of image rows: how many rows have one, and why others have none. */
  pictures: z.object({
    choice: z.enum(pictureChoices),
    rows: z.int(),
    /** Rows that are no concept's example. */
    notExamples: z.int(),
    /** Examples whose picture is not there or cannot be read. */
    missing: z.int(),
  }),
  /** How its page answers questions; null: it does not. */
  queries: z
    .object({
      model: z.string(),
      towers: z.enum(towerPlaces),
      /** Whether nearest items are told: the embeddings are there. */
      nearest: z.boolean(),
      /** Bytes that the page fetches from the hub at the first questions; null: none, or not known. */
      hubBytes: z.int().nullable(),
    })
    .nullable(),
  /** Bytes of each part. */
  bytes: z.record(z.enum(siteParts), z.int()),
  files: z.array(fileRecord),
});
export type SiteManifest = z.infer<typeof siteManifest>;
