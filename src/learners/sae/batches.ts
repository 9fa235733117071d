/**
 * Batches of prepared training rows. Step s takes samples s·b … (s+1)·b − 1 of the endless
 * sequence of epochs, so no row is left out at the end of an epoch.
 */
import type { JointRows } from "../joint-rows.ts";
import { epochOrder } from "./epoch-order.ts";
import type { OrderPlan } from "./epoch-order.ts";
import { prepareRows } from "../preparation.ts";
import type { Preparation } from "../preparation.ts";

/** Sets up to this size (n·d numbers, 512 MiB) are held in memory. */
export const heldInMemory = 128 * 1024 * 1024;
const chunkRows = 256;
const windowRows = 64 * chunkRows;
/** Rows that nobody asked for are read along when they lie between wanted ones this close. */
const bridgedGap = 8;
const longestSpan = 1024;

export interface BatchReader {
  readonly dimension: number;
  /** Writes the b x d rows of step `step` (from 0). */
  fill(step: number, out: Float32Array): Promise<void>;
}

export interface BatchSource {
  readonly source: JointRows;
  readonly train: Uint32Array;
  readonly preparation: Preparation;
  readonly batch: number;
  readonly seed: number;
  readonly mixture: OrderPlan["mixture"];
  /** n·d numbers above which rows are read as they are needed; default `heldInMemory`. */
  readonly memoryLimit?: number;
}

interface Window {
  readonly key: string;
  readonly rows: Promise<Float32Array>;
}

export function batchReader(from: BatchSource): BatchReader {
  const { source, train, batch } = from;
  const d = source.columns;
  const count = train.length;
  const inMemory = count * d <= (from.memoryLimit ?? heldInMemory);
  let imageCount = 0;
  while (imageCount < count && source.modalityOf(train[imageCount]) === "image") imageCount++;
  const plan: OrderPlan = {
    seed: from.seed,
    count,
    imageCount,
    mixture: from.mixture,
    chunkRows: inMemory ? 1 : chunkRows,
    windowRows: inMemory ? count : windowRows,
  };

  const orders = new Map<number, Uint32Array>();
  const orderOf = (epoch: number): Uint32Array => {
    let order = orders.get(epoch);
    if (!order) {
      order = epochOrder(plan, epoch);
      for (const known of orders.keys()) if (known < epoch - 1) orders.delete(known);
      orders.set(epoch, order);
    }
    return order;
  };

  let everything: Promise<Float32Array> | undefined;
  const held: Window[] = [];
  const load = (epoch: number, index: number): Promise<Float32Array> => {
    const key = `${epoch}/${index}`;
    const known = held.find((window) => window.key === key);
    if (known) return known.rows;
    const wanted = orderOf(epoch).subarray(index * windowRows, (index + 1) * windowRows);
    const rows = readPositions(from, wanted);
    // A failed read is reported where its rows are awaited; this keeps it from counting as unhandled.
    rows.catch(() => {});
    held.push({ key, rows });
    if (held.length > 2) held.shift();
    return rows;
  };

  return {
    dimension: d,
    async fill(step, out) {
      for (let filled = 0; filled < batch;) {
        const at = step * batch + filled;
        const epoch = Math.floor(at / count);
        const within = at % count;
        if (inMemory) {
          everything ??= readPositions(
            from,
            Uint32Array.from({ length: count }, (_, i) => i),
          );
          const rows = await everything;
          const order = orderOf(epoch);
          const take = Math.min(batch - filled, count - within);
          for (let i = 0; i < take; i++) {
            const position = order[within + i] * d;
            out.set(rows.subarray(position, position + d), (filled + i) * d);
          }
          filled += take;
          continue;
        }
        const index = Math.floor(within / windowRows);
        const rows = await load(epoch, index);
        const first = within - index * windowRows;
        const take = Math.min(batch - filled, rows.length / d - first);
        out.set(rows.subarray(first * d, (first + take) * d), filled * d);
        filled += take;
        // The following window is read while this one is being learned from.
        const last = (index + 1) * windowRows >= count;
        void load(last ? epoch + 1 : epoch, last ? 0 : index + 1);
      }
    },
  };
}

/** Prepared rows at the given positions of the training list, in that order, read span by span. */
async function readPositions(
  { source, train, preparation }: BatchSource,
  positions: Uint32Array,
): Promise<Float32Array> {
  const d = source.columns;
  const count = positions.length;
  const slots = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => positions[a] - positions[b]);
  const rowAt = (i: number): number => train[positions[slots[i]]];
  const out = new Float32Array(count * d);
  const span = new Float32Array(longestSpan * d);
  for (let from = 0; from < count;) {
    const first = rowAt(from);
    let to = from + 1;
    while (to < count && rowAt(to) - rowAt(to - 1) <= bridgedGap && rowAt(to) - first < longestSpan) to++;
    const rows = rowAt(to - 1) - first + 1;
    await source.readRange(first, rows, span);
    for (let i = from; i < to; i++) {
      const at = (rowAt(i) - first) * d;
      out.set(span.subarray(at, at + d), slots[i] * d);
    }
    from = to;
  }
  const numbers = positions.map((position) => train[position]);
  prepareRows(preparation, source, numbers, out);
  return out;
}
