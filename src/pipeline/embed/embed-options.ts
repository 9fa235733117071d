/** What the user asks of an embedding. The command line's options carry the same names. */
import { availableParallelism } from "node:os";
import { badUsage } from "../../base/errors.ts";
import type { EncoderDevice, EncoderDtype } from "../../protocol/encoder-record.ts";
import type { EncoderChoice } from "../encoders/encoder-choice.ts";
import type { SourceOptions } from "./sources/source-options.ts";

export interface EmbedOptions extends Omit<SourceOptions, "inputs">, Omit<EncoderChoice, "spec"> {
  /**
   * A folder, a file of captions (CSV, TSV, JSON lines, Parquet, COCO's JSON, Flickr's files), or any number
   * of pictures or WebDataset archives. None: only `texts` are embedded.
   */
  readonly pictures?: readonly string[];
  /** A `.txt` with a text on each line, or a table with a column of them: texts without pictures. */
  readonly texts?: string | undefined;
  /** The encoder: a preset, "small", or "onnx:<folder>". */
  readonly model: string;
  /** Folder of the set; it must not exist or be empty. */
  readonly out: string;
  /** Replace an embedding set at `out` that holds nothing else. Default false. */
  readonly force?: boolean;
  /** Discard what an unfinished run left, in place of going on from it. Default false. */
  readonly restart?: boolean;
  /** Pictures, or texts, that go through a tower together. Default 16 on the processor, 64 elsewhere. */
  readonly batch?: number | undefined;
  /** Threads that decode and resize pictures. Default: a quarter of the cores on the processor, else all but one, at most 16. */
  readonly workers?: number | undefined;
  /** Only the first so many pictures. Default: all. */
  readonly limit?: number | undefined;
  /** Pictures after which what is done is saved, rounded up to whole batches. Default 512. */
  readonly shard?: number | undefined;
  /** Make thumbnails for the explorer. Default true. */
  readonly thumbnails?: boolean;
}

/** Captions are shorter work than pictures: so many times as many make a shard. */
const captionsPerPicture = 8;
const mostWorkers = 16;

export interface EmbedSizes {
  readonly batch: number;
  readonly workers: number;
  readonly pictureShard: number;
  readonly captionShard: number;
}

export function embedSizes(options: EmbedOptions, device: EncoderDevice): EmbedSizes {
  const cores = availableParallelism();
  const onProcessor = device === "cpu";
  const workersByDefault = Math.max(
    1,
    Math.min(mostWorkers, onProcessor ? Math.floor(cores / 4) : cores - 1),
  );
  const { batch = onProcessor ? 16 : 64, workers = workersByDefault, shard = 512 } = options;
  const pictureShard = Math.ceil(shard / batch) * batch;
  return { batch, workers, pictureShard, captionShard: pictureShard * captionsPerPicture };
}

/** Refuses what no run can be made of, before any work is done. */
export function checkEmbedOptions(options: EmbedOptions): void {
  for (const name of ["batch", "workers", "limit", "shard", "threads"] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      throw badUsage(`--${name} is ${value}; expected a whole number, at least 1`);
    }
  }
  if ((options.pictures ?? []).length === 0 && options.texts === undefined) {
    throw badUsage("Nothing to embed is named; give a folder of pictures, a table or archives, or --texts.");
  }
  if ((options.pictures ?? []).length === 0 && (options.captions ?? options.imageRoot) !== undefined) {
    throw badUsage("--captions and --image-root are of pictures; name the pictures first.");
  }
}

/** What chooses the encoder. */
export function encoderChoice(options: EmbedOptions): EncoderChoice {
  const { model, dtype, device, revision, offline, threads, normalize } = options;
  return {
    spec: model,
    ...(dtype === undefined ? {} : { dtype: dtype satisfies EncoderDtype }),
    ...(device === undefined ? {} : { device }),
    ...(revision === undefined ? {} : { revision }),
    ...(offline === undefined ? {} : { offline }),
    ...(threads === undefined ? {} : { threads }),
    ...(normalize === undefined ? {} : { normalize }),
  };
}
