/**
 * A stopped run on disk: one safetensors file, written whole, that holds the learner's tensors and,
 * as its metadata, what the run was and how far it came.
 */
import { z } from "zod";
import { badInput } from "../base/errors.ts";
import { readSafetensorsHeader, readTensor, writeSafetensors } from "../formats/safetensors.ts";
import type { Checkpoint, HistoryRow } from "../learners/learner.ts";
import { openFile } from "../platform/node/files/file-source.ts";
import { writeFileAtomic } from "../platform/node/files/write-file.ts";

/** What has to be the same for a run to go on with the same bytes; how often it is saved may change. */
const runIdentity = z.object({
  learner: z.string(),
  config: z.record(z.string(), z.unknown()),
  dataHash: z.string(),
  product: z.string(),
});
export type RunIdentity = z.infer<typeof runIdentity>;

const savedRun = z.object({
  identity: runIdentity,
  /** NaN and infinities, which JSON has no words for, are kept as text. */
  history: z.array(z.record(z.string(), z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]))),
  seconds: z.number(),
  startedAt: z.string(),
  state: z.unknown(),
});

export interface SavedRun {
  readonly identity: RunIdentity;
  readonly checkpoint: Checkpoint;
  readonly history: readonly HistoryRow[];
  /** Seconds trained so far. */
  readonly seconds: number;
  readonly startedAt: string;
}

const metadataKey = "viaduct_run";

export async function writeCheckpoint(path: string, run: SavedRun): Promise<void> {
  const { checkpoint, identity, history, seconds, startedAt } = run;
  const text = JSON.stringify(
    { identity, history, seconds, startedAt, state: checkpoint.state },
    (_key, value: unknown) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value),
  );
  await writeFileAtomic(path, writeSafetensors(checkpoint.tensors, { [metadataKey]: text }));
}

/** Reads a checkpoint; throws when it is another run's. */
export async function readCheckpoint(path: string, expected: RunIdentity): Promise<SavedRun> {
  const file = await openFile(path);
  try {
    const header = await readSafetensorsHeader(file);
    const text = header.metadata[metadataKey];
    if (text === undefined) throw badInput(`${path} is no checkpoint of viaduct; remove it to start anew`);
    const saved = parseRun(path, text);
    requireSameRun(path, saved.identity, expected);
    const tensors = new Map<string, { shape: readonly number[]; data: Float32Array | Uint32Array }>();
    for (const name of header.tensors.keys()) {
      const { shape, data } = await readTensor(file, header, name);
      if (!(data instanceof Float32Array || data instanceof Uint32Array)) {
        throw badInput(
          `${path}#${name} is neither F32 nor U32; the checkpoint is damaged, remove it to start anew`,
        );
      }
      tensors.set(name, { shape, data });
    }
    return {
      identity: saved.identity,
      checkpoint: { tensors, state: saved.state },
      history: saved.history.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value)])),
      ),
      seconds: saved.seconds,
      startedAt: saved.startedAt,
    };
  } finally {
    await file.close();
  }
}

function parseRun(path: string, text: string): z.infer<typeof savedRun> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badInput(
      `${path} is damaged (${metadataKey} is no JSON); remove it to start anew, without --resume`,
      error,
    );
  }
  const parsed = savedRun.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badInput(
    `${path} holds no run that this version can continue (${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? ""}); remove it to start anew, without --resume`,
    parsed.error,
  );
}

function requireSameRun(path: string, saved: RunIdentity, expected: RunIdentity): void {
  if (saved.dataHash !== expected.dataHash) {
    throw badInput(
      `${path} was trained on other data; resume with the set it began with, or remove it to start anew`,
    );
  }
  if (saved.learner !== expected.learner) {
    throw badInput(
      `${path} was begun with --learner ${saved.learner}, not ${expected.learner}; resume with the same`,
    );
  }
  const keys = new Set([...Object.keys(saved.config), ...Object.keys(expected.config)]);
  keys.delete("checkpointEvery");
  for (const key of keys) {
    const was = JSON.stringify(saved.config[key]);
    const is = JSON.stringify(expected.config[key]);
    if (was !== is) {
      throw badInput(
        `${path} was begun with ${key} ${was}, this run has ${is}; resume with the options it began with`,
      );
    }
  }
  if (saved.product !== expected.product) {
    throw badInput(
      `${path} was begun with the dense product "${saved.product}", this run has "${expected.product}", which rounds differently; resume with the same (--product), or remove the file to start anew`,
    );
  }
}
