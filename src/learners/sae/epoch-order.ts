/**
 * The order in which an epoch visits the training rows: a pure function of seed and epoch, so a
 * resumed run needs nothing but its step number.
 *
 * Sets in memory are shuffled row by row. Larger ones are cut into chunks of neighbouring rows
 * that can be read at once; chunks are shuffled, then rows within windows of many chunks.
 */
import { Random } from "../../base/random.ts";
import { badUsage } from "../../base/errors.ts";

export interface OrderPlan {
  readonly seed: number;
  /** Training rows by position: `imageCount` images, then texts. */
  readonly count: number;
  readonly imageCount: number;
  /** Weights of the modalities; null: as many of each as there are. */
  readonly mixture: { readonly image: number; readonly text: number } | null;
  /** Neighbouring rows that stay together until the window is shuffled; 1: none. */
  readonly chunkRows: number;
  /** Rows shuffled among each other; at least `count`: all. */
  readonly windowRows: number;
}

interface Piece {
  readonly start: number;
  readonly length: number;
}

/** `wanted` rows of positions [from, to), without replacement until all have been taken. */
function draw(random: Random, from: number, to: number, wanted: number, chunkRows: number): Piece[] {
  const pieces: Piece[] = [];
  const chunks = Math.ceil((to - from) / chunkRows);
  let missing = wanted;
  while (missing > 0) {
    const order = random.permutation(chunks);
    for (let i = 0; i < chunks && missing > 0; i++) {
      const start = from + order[i] * chunkRows;
      const length = Math.min(chunkRows, to - start, missing);
      pieces.push({ start, length });
      missing -= length;
    }
  }
  return pieces;
}

/** Images of an epoch of `count` rows; the others are texts. */
export function imagesPerEpoch({ count, imageCount, mixture }: OrderPlan): number {
  if (!mixture) return imageCount;
  const { image, text } = mixture;
  if ((image > 0 && imageCount === 0) || (text > 0 && imageCount === count)) {
    throw badUsage(
      `epochMixture ${image}:${text} asks for rows of both modalities; the training rows are ${imageCount} images and ${count - imageCount} texts`,
    );
  }
  return Math.round((image / (image + text)) * count);
}

/** Positions in the list of training rows, `count` of them. */
export function epochOrder(plan: OrderPlan, epoch: number): Uint32Array<ArrayBuffer> {
  const { count, imageCount, chunkRows, windowRows } = plan;
  const random = Random.of(plan.seed, `order of epoch ${epoch}`);
  const images = imagesPerEpoch(plan);
  const pieces = plan.mixture
    ? random.shuffle([
        ...draw(random, 0, imageCount, images, chunkRows),
        ...draw(random, imageCount, count, count - images, chunkRows),
      ])
    : draw(random, 0, count, count, chunkRows);
  const order = new Uint32Array(count);
  let at = 0;
  for (const { start, length } of pieces) {
    for (let i = 0; i < length; i++) order[at++] = start + i;
  }
  if (chunkRows > 1) {
    for (let from = 0; from < count; from += windowRows) {
      random.shuffle(order.subarray(from, Math.min(count, from + windowRows)));
    }
  }
  return order;
}
