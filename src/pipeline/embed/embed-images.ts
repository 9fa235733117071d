/** The pictures of a listing through the image tower, shard by shard, while worker threads prepare the next ones. */
import { ViaductError } from "../../base/errors.ts";
import type { Progress } from "../../base/progress.ts";
import type { Encoder } from "../../encoders/encoder.ts";
import { ThumbnailWriter } from "../thumbnails/thumbnail-writer.ts";
import type { PicturePool } from "./picture-pool.ts";
import type { PreparedPicture } from "./prepare-picture.ts";
import { pictureShard, recordOf, shardCount, type PictureShard } from "./shards.ts";
import type { ListedPicture } from "./sources/listing.ts";
import type { UnfinishedSet } from "./unfinished-set.ts";
import { rowProblem } from "../../encoders/row-problem.ts";

export interface EmbedImages {
  readonly pictures: readonly ListedPicture[];
  readonly encoder: Encoder;
  readonly unfinished: UnfinishedSet;
  /** Opened only when there is something to prepare. */
  readonly openPool: () => PicturePool;
  readonly batch: number;
  /** Pictures of one shard, a multiple of the batch. */
  readonly shardSize: number;
  readonly thumbnails: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/** Pictures under way beside the batch that the network has. */
const batchesAhead = 2;

export async function embedImages(options: EmbedImages): Promise<void> {
  const { pictures, unfinished, shardSize, batch, progress } = options;
  const shards = shardCount(pictures.length, shardSize);
  const begun = unfinished.done("pictures");
  if (begun === shards) return;
  const thumbnails = options.thumbnails
    ? await ThumbnailWriter.open(unfinished.folder, { rows: await rowsOf(unfinished, begun) })
    : undefined;
  const pool = options.openPool();
  try {
    const left = pictures.slice(begun * shardSize);
    const prepared = pool.prepare(left, batchesAhead * batch);
    let unreadable = 0;
    const report = (done: number, dropped: number): void =>
      progress({
        stage: "pictures",
        done,
        total: pictures.length,
        unit: "pictures",
        ...(dropped > 0 ? { values: { unreadable: dropped } } : {}),
      });
    report(begun * shardSize, 0);
    for (let shard = begun; shard < shards; shard++) {
      const first = shard * shardSize;
      const last = Math.min(first + shardSize, pictures.length);
      const made = new ShardMaker(options, last - first, thumbnails);
      for (let at = first; at < last; at++) {
        if (options.signal?.aborted) throw stopped(first, pictures.length);
        const next = await prepared.next();
        if (next.done === true) throw new Error("the pool gave fewer pictures than it was asked for");
        if ("problem" in next.value) made.drop(at, next.value.problem);
        else await made.add(at, next.value);
        report(at + 1, unreadable + made.dropped);
      }
      const { rows, record } = await made.finish();
      unreadable += record.dropped.length;
      await thumbnails?.flush();
      await unfinished.writeShard("pictures", shard, rows, options.encoder.dimension, record);
    }
  } finally {
    await pool.close();
    await thumbnails?.close();
  }
}

function stopped(done: number, total: number): ViaductError {
  return new ViaductError(
    "cancelled",
    `embedding stopped after ${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} pictures; the same command goes on from there`,
  );
}

/** Image rows of the shards below `shards`. */
async function rowsOf(unfinished: UnfinishedSet, shards: number): Promise<number> {
  let rows = 0;
  for (let shard = 0; shard < shards; shard++) {
    rows += (await unfinished.record("pictures", shard, recordOf(pictureShard))).kept.length;
  }
  return rows;
}

/** Gathers pictures to batches and rows to a shard. */
class ShardMaker {
  readonly #options: EmbedImages;
  readonly #thumbnails: ThumbnailWriter | undefined;
  readonly #rows: Float32Array;
  readonly #record: PictureShard = { kept: [], sha256: [], dropped: [], withoutThumbnail: 0 };
  readonly #inputs: Float32Array;
  readonly #waiting: { at: number; picture: Omit<PreparedPicture, "input"> }[] = [];

  constructor(options: EmbedImages, pictures: number, thumbnails: ThumbnailWriter | undefined) {
    this.#options = options;
    this.#thumbnails = thumbnails;
    this.#rows = new Float32Array(pictures * options.encoder.dimension);
    this.#inputs = new Float32Array(Math.min(options.batch, pictures) * options.encoder.image.inputLength);
  }

  get dropped(): number {
    return this.#record.dropped.length;
  }

  drop(at: number, reason: string): void {
    this.#record.dropped.push({ at, reason });
  }

  async add(at: number, { input, sha256, thumbnails }: PreparedPicture): Promise<void> {
    this.#inputs.set(input, this.#waiting.length * input.length);
    this.#waiting.push({ at, picture: { sha256, thumbnails } });
    if (this.#waiting.length === this.#options.batch) await this.#run();
  }

  async finish(): Promise<{ rows: Float32Array; record: PictureShard }> {
    if (this.#waiting.length > 0) await this.#run();
    this.#record.dropped.sort((a, b) => a.at - b.at);
    const { kept } = this.#record;
    return {
      rows: this.#rows.subarray(0, kept.length * this.#options.encoder.dimension),
      record: this.#record,
    };
  }

  async #run(): Promise<void> {
    const { dimension, image } = this.#options.encoder;
    const waiting = this.#waiting.splice(0);
    const rows = await image.run(
      this.#inputs.subarray(0, waiting.length * image.inputLength),
      waiting.length,
    );
    for (const [row, { at, picture }] of waiting.entries()) {
      const problem = rowProblem(rows, row * dimension, dimension);
      if (problem !== null) {
        this.drop(at, problem);
        continue;
      }
      this.#rows.set(
        rows.subarray(row * dimension, (row + 1) * dimension),
        this.#record.kept.length * dimension,
      );
      this.#record.kept.push(at);
      this.#record.sha256.push(picture.sha256);
      if (this.#thumbnails && picture.thumbnails === null) this.#record.withoutThumbnail++;
      await this.#thumbnails?.append(picture.thumbnails);
    }
  }
}
