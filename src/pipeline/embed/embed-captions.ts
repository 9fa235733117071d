/** Texts through the text tower, shard by shard. A text that occurs again in its shard is embedded once. */
import { ViaductError } from "../../base/errors.ts";
import type { Progress } from "../../base/progress.ts";
import type { Encoder } from "../../encoders/encoder.ts";
import { shardCount, type CaptionShard } from "./shards.ts";
import type { UnfinishedSet } from "./unfinished-set.ts";
import { rowProblem } from "../../encoders/row-problem.ts";

export interface EmbedCaptions {
  /** Texts of the listing. */
  readonly texts: readonly string[];
  /** Which of them to embed, ascending. */
  readonly chosen: readonly number[];
  readonly encoder: Encoder;
  readonly unfinished: UnfinishedSet;
  readonly batch: number;
  readonly shardSize: number;

  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

export async function embedCaptions(options: EmbedCaptions): Promise<void> {
  const { chosen, encoder, unfinished, shardSize, progress } = options;
  const shards = shardCount(chosen.length, shardSize);
  const total = chosen.length;
  const begun = unfinished.done("captions");
  if (begun === shards) return;
  progress({ stage: "captions", done: begun * shardSize, total, unit: "captions" });
  for (let shard = begun; shard < shards; shard++) {
    const first = shard * shardSize;
    const { rows, record } = await makeShard(options, chosen.slice(first, first + shardSize), first);
    await unfinished.writeShard("captions", shard, rows, encoder.dimension, record);
  }
}

async function makeShard(
  { texts, chosen, encoder, batch, progress, signal }: EmbedCaptions,
  captions: readonly number[],
  first: number,
): Promise<{ rows: Float32Array; record: CaptionShard }> {
  const { dimension } = encoder;
  const different = [...new Set(captions.map((caption) => texts[caption]!))];
  const numberOf = new Map(different.map((text, at) => [text, at]));
  const embedded = new Float32Array(different.length * dimension);
  for (let at = 0; at < different.length; at += batch) {
    if (signal?.aborted) throw stopped(first, chosen.length);
    embedded.set(await encoder.text.run(different.slice(at, at + batch)), at * dimension);
    const share = Math.min(at + batch, different.length) / different.length;
    progress({
      stage: "captions",
      done: first + Math.floor(captions.length * share),
      total: chosen.length,
      unit: "captions",
    });
  }
  const problems = different.map((_, at) => rowProblem(embedded, at * dimension, dimension));
  const record: CaptionShard = { kept: [], dropped: [] };
  const rows = new Float32Array(captions.length * dimension);
  for (const caption of captions) {
    const at = numberOf.get(texts[caption]!)!;
    const reason = problems[at] ?? null;
    if (reason !== null) {
      record.dropped.push({ at: caption, reason });
      continue;
    }
    rows.set(embedded.subarray(at * dimension, (at + 1) * dimension), record.kept.length * dimension);
    record.kept.push(caption);
  }
  return { rows: rows.subarray(0, record.kept.length * dimension), record };
}

function stopped(done: number, total: number): ViaductError {
  return new ViaductError(
    "cancelled",
    `embedding stopped after ${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} captions; the same command goes on from there`,
  );
}
