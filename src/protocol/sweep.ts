/** sweep.json: the grids that were asked of a study and the state of every cell. */
import { z } from "zod";
import { studySchemaVersion } from "./study.ts";

/** Values as they were asked for; an empty list leaves the value to the learner. */
export const sweepGrid = z.object({
  learners: z.array(z.string()),
  concepts: z.array(z.string()),
  k: z.array(z.string()),
  seeds: z.array(z.string()),
  mixtures: z.array(z.string()),
  /** Rows that every cell is given, where the mixtures share a total. */
  rows: z.int().nullable(),
  /** Further options and the rest of the diet, the same for all cells that have them. */
  options: z.record(z.string(), z.unknown()),
  diet: z.record(z.string(), z.unknown()),
});
export type SweepGrid = z.infer<typeof sweepGrid>;

/**
 * "refused": the learner cannot do such a cell. "failed": it ended with an error, or a dictionary of
 * another configuration has its name. Both say why in `error`.
 */
export const cellState = z.enum(["waiting", "running", "done", "failed", "refused"]);
export type CellState = z.infer<typeof cellState>;

export const sweepCell = z.object({
  /** The dictionary's name. */
  name: z.string(),
  learner: z.string(),
  /** The grid's values, of which a k can also be the number of concepts; null where the grid or the learner has none. */
  concepts: z.string().nullable(),
  k: z.string().nullable(),
  seed: z.string().nullable(),
  mixture: z.string().nullable(),
  state: cellState,
  error: z.string().nullable(),
  /** Of training, all sittings together. */
  seconds: z.number().nullable(),
  /** Over all rows of the set. */
  r2: z.number().nullable(),
  activePerSample: z.number().nullable(),
  deadFraction: z.number().nullable(),
});
export type SweepCell = z.infer<typeof sweepCell>;

export const sweepManifest = z.object({
  schemaVersion: z.literal(studySchemaVersion),
  kind: z.literal("sweep"),
  dataHash: z.string(),
  /** The latest last. */
  grids: z.array(sweepGrid),
  /** Of all grids, each once. */
  cells: z.array(sweepCell),
});
export type SweepManifest = z.infer<typeof sweepManifest>;
