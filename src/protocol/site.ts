/**
 * A static export of a study: the application beside the files that it reads, under the addresses
 * that the local server gives them. docs/export.md describes the folder.
 */
import { z } from "zod";
import { fileRecord } from "./study.ts";

export const siteSchemaVersion = 1;
export const siteKind = "site";

export const pictureChoices = ["large", "small", "none"] as const;
export type PictureChoice = (typeof pictureChoices)[number];

export const siteParts = ["application", "tables", "codes", "vectors", "items", "pictures"] as const;
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
  /** Bytes of each part. */
  bytes: z.record(z.enum(siteParts), z.int()),
  files: z.array(fileRecord),
});
export type SiteManifest = z.infer<typeof siteManifest>;
