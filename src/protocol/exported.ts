/** A folder of dictionaries for other programs: SAELens folders, or arrays for NumPy. */
import { z } from "zod";
import { fileRecord } from "./study.ts";

export const exportedSchemaVersion = 1;
export const exportedKinds = ["saelens", "npy"] as const;
export type ExportedKind = (typeof exportedKinds)[number];

/** Paths inside the folder. */
export const exportedLayout = {
  /** Written last. */
  manifest: "export.json",
  dictionaries: "dictionaries",
  dictionary: (name: string) => `dictionaries/${name}`,
  /** Arrays of a dictionary: its tensors, its codes, the rows it was trained on, statistics of its concepts. */
  tensor: (name: string, tensor: string) => `dictionaries/${name}/${tensor}.npy`,
  codes: (name: string, tensor: string) => `dictionaries/${name}/codes/${tensor}.npy`,
  rows: (name: string, tensor: string) => `dictionaries/${name}/rows/${tensor}.npy`,
  statistic: (name: string, column: string) => `dictionaries/${name}/concepts/${column}.npy`,
  settings: (name: string) => `dictionaries/${name}/dictionary.json`,
} as const;

/** export.json */
export const exportedManifest = z.object({
  schemaVersion: z.literal(exportedSchemaVersion),
  kind: z.enum(exportedKinds),
  /** Version of the library that wrote it. */
  version: z.string(),
  study: z.string(),
  dataHash: z.string(),
  dictionaries: z.array(z.string()),
  leftOut: z.array(z.object({ dictionary: z.string(), reason: z.string() })),
  files: z.array(fileRecord),
});
export type ExportedManifest = z.infer<typeof exportedManifest>;
