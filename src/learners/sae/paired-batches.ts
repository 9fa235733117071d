/**
 * Batches that end in matched rows: b − 2m ordinary rows, then m image rows, then their m text rows
 * in the same order. Pairs are visited epoch by epoch of their own, shuffled by seed and epoch, so
 * a resumed run needs nothing but its step number.
 */
import { badInput, badUsage } from "../../base/errors.ts";
import { Random } from "../../base/random.ts";
import type { PairTable } from "../../base/rows.ts";
import { heldInMemory, type BatchReader } from "./batches.ts";
import type { JointRows } from "../joint-rows.ts";
import { prepareRows, type Preparation } from "../preparation.ts";

/** m: pairs in a batch of which `share` are paired rows; at least one. Throws for a batch of one row. */
export function pairsPerBatch(batch: number, share: number): number {
  const most = Math.floor(batch / 2);
  if (most === 0) throw badUsage(`batch is ${batch}; paired rows need a batch of at least 2`);
  return Math.min(most, Math.max(1, Math.round((batch * share) / 2)));
}

export interface PairedSource {
  /** Reads b − 2m rows a step. */
  readonly ordinary: BatchReader;
  readonly source: JointRows;
  /** Pairs of training rows. */
  readonly pairs: PairTable;
  readonly preparation: Preparation;
  /** b */
  readonly batch: number;
  /** m */
  readonly pairsPerBatch: number;
  readonly seed: number;
}

export function pairedBatchReader(from: PairedSource): BatchReader {
  const { ordinary, source, pairs, preparation, batch, pairsPerBatch: m, seed } = from;
  const d = ordinary.dimension;
  const count = pairs.image.length;
  if (count === 0) {
    throw badInput(
      "the set has no pairs among its training rows; aligned needs them, import the set with --pairs or --paired-rows, or use batch-topk",
    );
  }
  const orders = new Map<number, Uint32Array>();
  const orderOf = (epoch: number): Uint32Array => {
    let order = orders.get(epoch);
    if (!order) {
      order = Random.of(seed, `order of pairs in epoch ${epoch}`).permutation(count);
      for (const known of orders.keys()) if (known < epoch - 1) orders.delete(known);
      orders.set(epoch, order);
    }
    return order;
  };
  const read = preparedRows(source, preparation, pairs);
  return {
    dimension: d,
    async fill(step, out) {
      const chosen = new Uint32Array(m);
      for (let i = 0; i < m; i++) {
        const at = step * m + i;
        chosen[i] = orderOf(Math.floor(at / count))[at % count];
      }
      const first = batch - 2 * m;
      await ordinary.fill(step, out.subarray(0, first * d));
      await read(
        chosen.map((p) => pairs.image[p]),
        out.subarray(first * d, (first + m) * d),
      );
      await read(
        chosen.map((p) => source.imageRows + pairs.text[p]),
        out.subarray((first + m) * d, batch * d),
      );
    },
  };
}

/** Reads rows by number, prepared: from memory where all paired rows fit, else from the source. */
function preparedRows(
  source: JointRows,
  preparation: Preparation,
  pairs: PairTable,
): (rows: Uint32Array, out: Float32Array) => Promise<void> {
  const d = source.columns;
  const gather = async (rows: Uint32Array, out: Float32Array): Promise<void> => {
    await source.gather(rows, out);
    prepareRows(preparation, source, rows, out);
  };
  const paired = new Set(pairs.image);
  for (const row of pairs.text) paired.add(source.imageRows + row);
  const distinct = Uint32Array.from(paired).sort();
  if (distinct.length * d > heldInMemory) return gather;
  const position = new Map(Array.from(distinct, (row, i) => [row, i]));
  let held: Promise<Float32Array> | undefined;
  const load = async (): Promise<Float32Array> => {
    const rows = new Float32Array(distinct.length * d);
    await gather(distinct, rows);
    return rows;
  };
  return async (rows, out) => {
    const all = await (held ??= load());
    rows.forEach((row, i) => {
      const at = position.get(row)! * d;
      out.set(all.subarray(at, at + d), i * d);
    });
  };
}
