/**
 * `viaduct train`: learns a dictionary on an embedding set and publishes it in a study. A run that
 * was stopped leaves a checkpoint in the dictionary's folder; resumed, it ends with the same bytes
 * as one that never stopped.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { badInput, badUsage, ViaductError } from "../base/errors.ts";
import { silent, type Progress } from "../base/progress.ts";
import type { Backend } from "../kernels/backend.ts";
import type { Checkpoint, HistoryRow, Learner } from "../learners/learner.ts";
import { learnerNamed } from "../learners/registry.ts";
import { packageVersion } from "../platform/node/files/package-version.ts";
import { studyLayout } from "../protocol/study-layout.ts";
import { studySchemaVersion, type DietRecord, type RunRecord } from "../protocol/study.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { parseDiet, type DietSpec } from "./diet/diet.ts";
import { dietName } from "./diet/diet-name.ts";
import { feed, type Feed } from "./diet/feed.ts";
import { publishDictionary } from "./dictionary-folder.ts";
import { openEmbeddingSet, type EmbeddingSet } from "./embedding-set.ts";
import { measureReconstruction } from "./reconstruction.ts";
import { openOrCreateStudy } from "./study.ts";
import { openTrainingLog } from "./training-log.ts";
import { clearUnfinished, leaveNothing, lockRun } from "./unfinished-run.ts";
import { readVocabulary, vocabularyName } from "./vocabulary.ts";

/** Milliseconds between checkpoints where the user names no interval: what a kill costs at most. */
const checkpointInterval = 60_000;

export interface TrainSpec {
  /** Folder of the embedding set. */
  readonly set: string;
  /** Folder of the study; made when absent. */
  readonly study: string;
  /** One of the registered learners: "batch-topk", "pca". */
  readonly learner: string;
  /** The learner's options as the user gave them; the rest are defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Which rows of the set to learn from; default: all. */
  readonly diet?: DietSpec;
  /** Name of the dictionary; default: learner, concepts, sparsity, diet and seed. */
  readonly name?: string;
  /** Continue from the checkpoint that a stopped run left; where there is none, begin. */
  readonly resume?: boolean;
  /** Compare the set's files with their hashes first; default true. */
  readonly verify?: boolean;
}

export interface TrainEffects {
  /** Where the work is done; the caller closes it. */
  readonly backend: Backend;
  readonly progress?: Progress;
  readonly log?: (row: HistoryRow) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface TrainResult {
  readonly name: string;
  /** The dictionary's folder. */
  readonly path: string;
  readonly run: RunRecord;
}

export async function trainStudy(spec: TrainSpec, effects: TrainEffects): Promise<TrainResult> {
  const learner = learnerNamed(spec.learner);
  const set = await openEmbeddingSet(spec.set, { verify: spec.verify ?? true });
  try {
    const fed = await feed(set, parseDiet(spec.diet));
    const { config, name } = configureRun(learner, spec, fed);
    const layout = studyLayout.dictionary(name);
    const folder = join(spec.study, layout.root);
    const checkpointPath = join(spec.study, layout.checkpoint);
    await refuseFinished(spec.study, name);
    const isNew = !existsSync(join(spec.study, studyLayout.manifest));
    await openOrCreateStudy(spec.study, set);
    const lock = await lockRun(spec.study, name);
    try {
      // Once more: another process may have ended before the lock was free.
      await refuseFinished(spec.study, name);
      const found = existsSync(checkpointPath);
      if (found && spec.resume !== true) {
        throw badInput(
          `${folder} holds an unfinished run; continue it with --resume, or choose another --name`,
        );
      }
      try {
        return await trainInto({ spec, name, learner, config, set, fed, found, effects });
      } catch (error) {
        if (!existsSync(checkpointPath)) await leaveNothing(spec.study, folder, isNew);
        throw error;
      }
    } finally {
      lock.release();
    }
  } finally {
    await set.close();
  }
}

/** Throws where the dictionary exists; a checkpoint and a log that its run did not come to remove go. */
async function refuseFinished(study: string, name: string): Promise<void> {
  const layout = studyLayout.dictionary(name);
  if (!existsSync(join(study, layout.manifest))) return;
  await rm(join(study, layout.checkpoint), { force: true });
  await rm(join(study, layout.log), { force: true });
  throw badInput(
    `the study already has a finished dictionary "${name}"; choose another --name, or remove ${join(study, layout.root)} to train it anew`,
  );
}

/** The complete configuration of a run and the name of its dictionary. */
export function configureRun(
  learner: Learner,
  spec: Pick<TrainSpec, "options" | "name">,
  { embeddings, record }: Pick<Feed, "embeddings" | "record">,
): { readonly config: object; readonly name: string } {
  const { image, text, dimension } = embeddings;
  const config = learner.configure(spec.options, { rows: image.rows + text.rows, dimension });
  const perModality = new Map<string, unknown>(Object.entries(config)).get("center") === "per-modality";
  if (record !== null && perModality && (image.rows === 0 || text.rows === 0)) {
    throw badUsage(
      `center is per-modality and the run is given ${image.rows} image and ${text.rows} text rows; it needs rows of both, or center global`,
    );
  }
  return { config, name: checkedName(spec.name ?? defaultName(learner.name, config, record)) };
}

/** Where a list of files lay does not matter to a run; what it named does. */
export function withoutPath({ files, ...diet }: DietRecord): object {
  return { ...diet, files: files && { names: files.names, sha256: files.sha256 } };
}

interface TrainingRun {
  readonly spec: TrainSpec;
  readonly name: string;
  readonly learner: Learner;
  readonly config: object;
  readonly set: EmbeddingSet;
  readonly fed: Feed;
  /** Whether a stopped run left a checkpoint to continue from. */
  readonly found: boolean;
  readonly effects: TrainEffects;
}

async function trainInto(training: TrainingRun): Promise<TrainResult> {
  const { spec, name, learner, config, set, fed, found, effects } = training;
  const { backend } = effects;
  const layout = studyLayout.dictionary(name);
  const folder = join(spec.study, layout.root);
  const checkpointPath = join(spec.study, layout.checkpoint);
  const identity = {
    learner: spec.learner,
    config: { ...config, ...(fed.record === null ? {} : { diet: withoutPath(fed.record) }) },
    dataHash: set.manifest.dataHash,
    product: backend.description.product,
  };
  const history: HistoryRow[] = [];
  let resume: Checkpoint | undefined;
  const started = effects.now();
  let savedAt = started;
  let secondsBefore = 0;
  let startedAt = new Date(started).toISOString();
  if (found) {
    const saved = await readCheckpoint(checkpointPath, identity);
    history.push(...saved.history);
    resume = saved.checkpoint;
    secondsBefore = saved.seconds;
    startedAt = saved.startedAt;
  }
  // Not before the checkpoint was found to be of this run: one that is refused changes nothing.
  await clearUnfinished(folder, basename(checkpointPath), basename(layout.lock));
  const log = openTrainingLog(join(spec.study, layout.log), history);
  const seconds = (): number => secondsBefore + (effects.now() - started) / 1000;

  const onFed = await learner.fit(fed.embeddings, config, {
    backend,
    progress: effects.progress ?? silent,
    log: (row) => {
      history.push(row);
      log.add(row);
      effects.log?.(row);
    },
    ...(effects.signal === undefined ? {} : { signal: effects.signal }),
    ...(resume === undefined ? {} : { resume }),
    checkpoint: async (checkpoint) => {
      await writeCheckpoint(checkpointPath, { identity, checkpoint, history, seconds: seconds(), startedAt });
      savedAt = effects.now();
    },
    checkpointDue: () => effects.now() - savedAt >= checkpointInterval,
    vocabulary: (path) => readVocabulary(path, fed.embeddings.dimension),
  });
  const trained = seconds();
  const fitted = { ...onFed, split: fed.inSet(onFed.split) };
  const { signal, progress } = effects;
  const measured = measureReconstruction(fitted.dictionary, set.embeddings, fitted.split, backend, {
    ...(signal && { signal }),
    ...(progress && { progress: (moment) => progress({ ...moment, stage: "measure" }) }),
  });
  const { metrics, notes } = await measured.catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
    throw new ViaductError("cancelled", `training stopped after step ${fitted.steps}, while it was measured`);
  });
  const run: RunRecord = {
    schemaVersion: studySchemaVersion,
    kind: "run",
    name,
    learner: spec.learner,
    options: { ...spec.options },
    config: { ...config, concepts: fitted.dictionary.concepts },
    version: packageVersion(),
    engine: backend.description,
    dataHash: set.manifest.dataHash,
    diet: fed.record,
    preparation: { centring: fitted.preparation.centring, scale: fitted.preparation.scale },
    steps: fitted.steps,
    ended: fitted.ended,
    ...(fitted.calibratedOn && { calibratedOn: fitted.calibratedOn }),
    notes: [...fitted.notes, ...notes],
    startedAt,
    seconds: trained,
    metrics,
  };
  await publishDictionary(spec.study, name, { fitted, run, history });
  await rm(checkpointPath, { force: true });
  await log.remove();
  return { name, path: folder, run };
}

/** "batch-topk-4096-k16-seed0", "pca-64-mix50-50-seed0", "fixed-text-words-3fa92c41-l0-16-seed0": what tells one run from its neighbours. */
function defaultName(learner: string, config: object, diet: DietRecord | null): string {
  const values = new Map(Object.entries(config));
  const design: unknown = values.get("design");
  const vocabulary: unknown = values.get("vocabulary");
  const parts = [
    learner,
    ...(design === "modality-specific" ? [design] : []),
    ...(typeof vocabulary === "string" ? [vocabularyName(vocabulary)] : []),
    ...(values.get("concepts") === null ? [] : [String(values.get("concepts"))]),
  ];
  for (const [key, label] of [
    ["k", "k"],
    ["targetL0", "l0-"],
    ["l1", "l1-"],
  ] as const) {
    const value: unknown = values.get(key);
    if (typeof value === "number") parts.push(`${label}${value}`);
  }
  if (diet !== null) parts.push(dietName(diet));
  parts.push(`seed${String(values.get("seed"))}`);
  return parts.join("-");
}

function checkedName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) return name;
  throw new ViaductError(
    "bad-usage",
    `"${name}" cannot name a dictionary: use letters, digits, ".", "_" and "-", at most 100, beginning with a letter or digit`,
  );
}
