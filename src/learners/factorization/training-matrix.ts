/** The matrix that a factorisation works on: the prepared training rows, held in memory. */
import { badInput, badUsage } from "../../base/errors.ts";
import type { EmbeddingRows } from "../../base/rows.ts";
import { jointRows } from "../joint-rows.ts";
import type { Centring, RowSplit } from "../learner.ts";
import { measurePreparation, prepareRows } from "../preparation.ts";
import type { Preparation } from "../preparation.ts";
import { splitRows } from "../split.ts";

/** Numbers that are held at once, 2 GiB of float32. */
const mostNumbers = 512 * 1024 * 1024;

export interface TrainingMatrix {
  /** n x d, centred and scaled; rows in the order of `split.train`. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly rows: number;
  readonly dimension: number;
  readonly split: RowSplit;
  readonly preparation: Preparation;
}

export async function trainingMatrix(
  data: EmbeddingRows,
  config: {
    readonly center: Centring;
    readonly scale: boolean;
    readonly heldOut: number;
    readonly seed: number;
  },
): Promise<TrainingMatrix> {
  const source = jointRows(data);
  const split = splitRows(source.rows, config.heldOut, config.seed);
  const rows = split.train.length;
  if (rows < 1) throw badUsage(`${source.rows} rows with heldOut ${config.heldOut} leave none to train on`);
  if (rows * source.columns > mostNumbers) {
    throw badInput(
      `${rows} training rows of ${source.columns} numbers do not fit in memory at once (at most ${mostNumbers} numbers); train on a share of the rows, or choose a sparse autoencoder, which reads rows as it goes`,
    );
  }
  const preparation = await measurePreparation(source, split.train, config.center, config.scale);
  const values = new Float32Array(rows * source.columns);
  await source.gather(split.train, values);
  prepareRows(preparation, source, split.train, values);
  return { values, rows, dimension: source.columns, split, preparation };
}
