/**
 * A static export of a study: the application beside the files that it reads, under the addresses
 * that the local server gives them. docs/export.md describes the folder.
 */
import { z } from "zod";
import { fileRecord } from "./study.ts";

export const siteSchemaVersion = 1;
export const siteKind = "site";

/** Paths inside the folder. */
export const siteLayout = {
  /** Written last. */
  manifest: "site.json",
  page: "index.html",
  /** One concept, to be shown in frames of other pages. */
  embeddedPage: "embed.html",
  assets: "assets",
  data: "data",
  summary: "data/summary.json",
  /** A file of the study or of the embedding set, by its path there. */
  study: (path: string) => `data/study/${path}`,
  set: (path: string) => `data/set/${path}`,
  /** ⟨x image, x text⟩ of every pair in the order of pairs.parquet, p x 1; among the files of the set. */
  pairSimilarities: "pair-similarities.npy",
} as const;

/**
 * Longer files lie in pieces of so many bytes: hosts limit the size of a file, and one that answers
 * no range requests has to send all of it.
 */
export const pieceBytes = 8 << 20;

/** Where piece `index` of a file lies. */
export function piecePath(path: string, index: number): string {
  return `${path}.pieces/${String(index).padStart(4, "0")}`;
}

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
