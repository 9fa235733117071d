/**
 * names/<dictionary>.json: what readers call the concepts of a dictionary. Unlike everything else in
 * a study it changes in place, name by name, and no manifest lists it.
 */
import { z } from "zod";
import { longestName } from "./concept-name.ts";
import { studySchemaVersion } from "./study.ts";

export const givenNamesFile = z.object({
  schemaVersion: z.literal(studySchemaVersion),
  kind: z.literal("concept-names"),
  dictionary: z.string(),
  /** SHA-256 of the dictionary's manifest: one that was made anew has other concepts. */
  dictionaryManifest: z.string(),
  /** By concept. */
  names: z.record(z.string().regex(/^\d{1,9}$/), z.string().min(1).max(longestName)),
});

export type GivenNamesFile = z.infer<typeof givenNamesFile>;
