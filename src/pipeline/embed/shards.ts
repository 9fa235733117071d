/** What is noted of a shard beside its rows. A shard holds the embeddings of a fixed run of the input. */
import { z } from "zod";
import { badInput } from "../../base/errors.ts";

const problem = z.object({ at: z.int(), reason: z.string() });

/** Pictures are numbered as the listing has them; rows are those of `kept`, in that order. */
export const pictureShard = z.object({
  kept: z.array(z.int()),
  sha256: z.array(z.string()),
  dropped: z.array(problem),
  withoutThumbnail: z.int(),
});
export type PictureShard = z.infer<typeof pictureShard>;

/** Texts are numbered as the listing has its captions. */
export const captionShard = z.object({ kept: z.array(z.int()), dropped: z.array(problem) });
export type CaptionShard = z.infer<typeof captionShard>;

/** Reads a record; one that is damaged is no reason to trust its rows. */
export function recordOf<T>(schema: z.ZodType<T>): (value: unknown, name: string) => T {
  return (value, name) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw badInput(`${name} is damaged; begin anew with --restart`, parsed.error);
  };
}

/** Shards of `size` that `total` things make. */
export function shardCount(total: number, size: number): number {
  return Math.ceil(total / size);
}
