/** The matrix that a factorisation works on: the centred training rows, held in memory. */
import { badInput, badUsage } from "../../base/errors.ts";
import type { EmbeddingRows } from "../../base/rows.ts";
import { jointRows } from "../joint-rows.ts";
import { measurePreparation, prepareRows } from "../preparation.ts";
import { splitRows } from "../split.ts";
import type { LearnedFrom } from "./finished.ts";
import type { FactorizationConfig } from "./options.ts";

/** Numbers that are held at once, 2 GiB of float32. */
const mostNumbers = 512 * 1024 * 1024;

export interface TrainingMatrix extends LearnedFrom {
  /** n x d, centred; rows in the order of `split.train`. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly rows: number;
}

/** Refuses to hold so many numbers for each of the training rows; `what` they are. */
export function checkHeld(rows: number, perRow: number, what: string): void {
  if (rows * perRow <= mostNumbers) return;
  throw badInput(
    `${what} of ${rows} training rows, ${perRow} numbers each, do not fit in memory at once (at most ${mostNumbers} numbers together); train on a share of the rows (--share), or choose a sparse autoencoder, which reads rows as it goes`,
  );
}

export async function trainingMatrix(
  data: EmbeddingRows,
  { center, heldOut, seed }: Pick<FactorizationConfig, "center" | "heldOut" | "seed">,
): Promise<TrainingMatrix> {
  const source = jointRows(data);
  const split = splitRows(source.rows, heldOut, seed);
  const rows = split.train.length;
  if (rows < 1) throw badUsage(`${source.rows} rows with heldOut ${heldOut} leave none to train on`);
  checkHeld(rows, source.columns, "the embeddings");
  const preparation = await measurePreparation(source, split.train, center, false);
  const values = new Float32Array(rows * source.columns);
  await source.gather(split.train, values);
  prepareRows(preparation, source, split.train, values);
  return { values, rows, dimension: source.columns, split, preparation };
}
