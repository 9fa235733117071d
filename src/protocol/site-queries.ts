/**
 * What a static export holds so that its page answers questions itself: `data/queries/queries.json`.
 * Paths are below `data/`, as the page asks for them.
 */
import type { EncoderDtype } from "./encoder-record.ts";

export const siteQueriesSchemaVersion = 1;

/** Where the towers that embed questions are: in the site, or fetched from the hub by whoever asks. */
export const towerPlaces = ["site", "hub"] as const;
export type TowerPlace = (typeof towerPlaces)[number];

export interface SiteQueries {
  schemaVersion: typeof siteQueriesSchemaVersion;
  /** onnxruntime-web: its module, and its WebAssembly. */
  runtime: { version: string; module: string; wasm: SiteBytes };
  encoder: {
    /** encoder.json as docs/encoders/description.md has it, with the set's normalisation. */
    description: unknown;
    /** Null where the towers come in one number type. */
    dtype: EncoderDtype | null;
    /** By their names in the description. */
    files: Record<string, TowerFile>;
  };
  /** All tensors of each dictionary lie in the file of its atoms; here are the settings beside them. */
  dictionaries: Record<string, { settings: Record<string, unknown>; bytes: number }>;
  /** Bytes of the set's matrices; null: they were left out, and nothing is said of nearest items. */
  embeddings: Record<"image" | "text", number> | null;
}

export interface SiteBytes {
  path: string;
  bytes: number;
}

export type TowerFile =
  | ({ from: "site" } & SiteBytes)
  /** Size and hash where the set's own record says them. */
  | { from: "hub"; address: string; bytes: number | null; sha256: string | null };
