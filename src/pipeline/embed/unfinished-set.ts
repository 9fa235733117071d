/**
 * What an embedding set is before it is one: a folder beside its place that holds the plan, a pair of
 * files for every shard that is done, and the thumbnails so far. The same command goes on from it; another
 * one is told what differs.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { badInput } from "../../base/errors.ts";
import { count } from "../../formats/byte-source.ts";
import { writeNpy } from "../../formats/npy.ts";
import { sha256OfFile } from "../../platform/node/files/file-list.ts";
import { takeLock } from "../../platform/node/files/lock-file.ts";
import { makeFolder } from "../../platform/node/files/output-folder.ts";
import { readJson } from "../../platform/node/files/read-json.ts";
import { writeFileAtomic, writeJson } from "../../platform/node/files/write-file.ts";
import { setLayout } from "../../protocol/study-layout.ts";
import { shownName } from "./shown-name.ts";

const names = {
  plan: "plan.json",
  /** A stamp of every picture, a line each. */
  stamps: "pictures.txt",
  lock: "lock",
  /** The set, while it is put together from the shards. */
  set: "set",
  /** Hash of the manifest of a set that was complete and about to be put in its place. */
  published: "published.json",
  shard: (kind: ShardKind, at: number, ending: string) => `${kind}-${String(at).padStart(6, "0")}.${ending}`,
} as const;

export type ShardKind = "pictures" | "captions";

const planSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal("unfinished-embedding-set"),
  /** Of Viaduct. */
  version: z.string(),
  /** By the option that sets it. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Hash of the towers' files and their description. */
  encoder: z.string(),
  pictures: z.object({ count: z.int(), sha256: z.string() }),
  captions: z.object({ count: z.int(), sha256: z.string() }),
});
export type EmbedPlan = Omit<z.infer<typeof planSchema>, "schemaVersion" | "kind">;

const publishedSchema = z.object({ manifest: z.string() });

export interface UnfinishedSet {
  readonly folder: string;
  /** True when it goes on from an earlier run. */
  readonly resumed: boolean;
  /** Where the set is put together. */
  readonly staging: string;
  /** Shards of the kind that are done: those numbered below. */
  done(kind: ShardKind): number;
  writeShard(
    kind: ShardKind,
    at: number,
    rows: Float32Array,
    dimension: number,
    record: unknown,
  ): Promise<void>;
  record<T>(kind: ShardKind, at: number, parse: (value: unknown, name: string) => T): Promise<T>;
  matrix(kind: ShardKind, at: number): string;
  /** Notes that the set in `staging` is complete. */
  beforePublishing(): Promise<void>;
  /** Lets others work on it. */
  release(): void;
  /** Removes it; the set is in its place. */
  remove(): Promise<void>;
}

/** ".my-set.unfinished" beside "my-set". */
export function unfinishedFolder(out: string): string {
  const target = resolve(out);
  return join(dirname(target), `.${basename(target)}.unfinished`);
}

/**
 * Whether a killed run had put its set in place and had only its leavings to remove. They are removed;
 * nothing is left to do.
 */
export async function wasPublished(out: string): Promise<boolean> {
  const folder = unfinishedFolder(out);
  if (!existsSync(join(folder, names.published))) return false;
  const { manifest } = await readJson(join(folder, names.published), (value) => publishedSchema.parse(value));
  const placed = join(resolve(out), setLayout.manifest);
  if (!existsSync(placed) || (await sha256OfFile(placed)) !== manifest) return false;
  await rm(folder, { recursive: true, force: true });
  return true;
}

export interface OpenUnfinished {
  readonly out: string;
  readonly plan: EmbedPlan;
  /** One for each picture, so that a change can be told by the picture's name. */
  readonly stamps: readonly string[];
  readonly nameOf: (picture: number) => string;
  /** Discard what an earlier run has done. */
  readonly restart: boolean;
}

export async function openUnfinished({
  out,
  plan,
  stamps,
  nameOf,
  restart,
}: OpenUnfinished): Promise<UnfinishedSet> {
  const folder = unfinishedFolder(out);
  await makeFolder(folder, out);
  const lock = takeLock(join(folder, names.lock), (holder) =>
    badInput(
      `${out} is being made by ${holder === null ? "another process" : `process ${holder}`}; wait for it or choose another --out, and if there is no such process, remove ${join(folder, names.lock)}`,
    ),
  );
  try {
    if (restart) await clear(folder);
    const resumed = existsSync(join(folder, names.plan));
    if (resumed) await requireSame(folder, out, plan, stamps, nameOf);
    else {
      await clear(folder);
      await writeFileAtomic(join(folder, names.stamps), stamps.map((stamp) => `${stamp}\n`).join(""));
      await writeJson(join(folder, names.plan), {
        schemaVersion: 1,
        kind: "unfinished-embedding-set",
        ...plan,
      } satisfies z.infer<typeof planSchema>);
    }
    const entries = new Set(await readdir(folder));
    const at = (name: string): string => join(folder, name);
    const done = { pictures: finished(entries, "pictures"), captions: finished(entries, "captions") };
    return {
      folder,
      resumed: resumed && done.pictures + done.captions > 0,
      staging: at(names.set),
      done: (kind) => done[kind],
      async writeShard(kind, shard, rows, dimension, record) {
        await writeFileAtomic(
          at(names.shard(kind, shard, "npy")),
          writeNpy(rows, [rows.length / dimension, dimension]),
        );
        // Last: a shard is done when its record is there.
        await writeFileAtomic(at(names.shard(kind, shard, "json")), JSON.stringify(record));
        done[kind] = shard + 1;
      },
      record: (kind, shard, parse) => readJson(at(names.shard(kind, shard, "json")), parse),
      matrix: (kind, shard) => at(names.shard(kind, shard, "npy")),
      async beforePublishing() {
        const manifest = await sha256OfFile(join(at(names.set), setLayout.manifest));
        await writeJson(at(names.published), { manifest } satisfies z.infer<typeof publishedSchema>);
      },
      release: () => lock.release(),
      async remove() {
        await rm(folder, { recursive: true, force: true });
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function finished(entries: ReadonlySet<string>, kind: ShardKind): number {
  let shards = 0;
  while (entries.has(names.shard(kind, shards, "json"))) shards++;
  return shards;
}

/** Everything but the lock that this process holds. */
async function clear(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (entry.startsWith(names.lock)) continue;
    await rm(join(folder, entry), { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
}

async function requireSame(
  folder: string,
  out: string,
  plan: EmbedPlan,
  stamps: readonly string[],
  nameOf: (picture: number) => string,
): Promise<void> {
  const begun = await readJson(join(folder, names.plan), (value) => planSchema.safeParse(value));
  const refuse = (what: string, remedy: string): Error =>
    badInput(`${out} was begun with ${what}; ${remedy}, or begin anew with --restart`);
  if (!begun.success || begun.data.version !== plan.version) {
    throw refuse("another version of viaduct", "finish it with that one");
  }
  const { options, encoder, pictures, captions } = begun.data;
  for (const [option, value] of Object.entries(plan.options)) {
    if (options[option] === value) continue;
    throw refuse(told(option, options[option] ?? null), `this run has ${told(option, value)}: use the same`);
  }
  if (encoder !== plan.encoder) {
    throw refuse(
      "other files of the model",
      "its towers or their description have changed since: put them back",
    );
  }
  if (pictures.sha256 !== plan.pictures.sha256) {
    const before = (await readFile(join(folder, names.stamps), "utf8")).split("\n");
    const first = stamps.findIndex((stamp, at) => stamp !== before[at]);
    const where = first < 0 ? "" : `, the first difference at ${shownName(nameOf(first))}`;
    throw refuse(
      `${count(pictures.count)} pictures, and now there are ${count(plan.pictures.count)}${where}`,
      "files were added, removed or changed: put them back",
    );
  }
  if (captions.sha256 !== plan.captions.sha256) {
    throw refuse(
      `${count(captions.count)} captions, and now there are ${count(plan.captions.count)}${captions.count === plan.captions.count ? " others" : ""}`,
      "put them back",
    );
  }
}

function told(option: string, value: string | number | boolean | null): string {
  if (typeof value === "boolean") return value ? option : `no ${option}`;
  return value === null ? `no ${option}` : `${option} ${value}`;
}
