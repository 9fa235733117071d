/**
 * Σ (x − μ)(x − μ)ᵀ over the training rows, in one pass over them: block by block of y = x − s, with s
 * a mean estimated from a few rows, the backend's product of columns in float32, sums over blocks and
 * of y in float64, and at the end Σyyᵀ − n·ȳȳᵀ. The rows are never held together.
 */
import { badUsage } from "../../base/errors.ts";
import type { EmbeddingRows, Modality } from "../../base/rows.ts";
import type { Backend } from "../../kernels/backend.ts";
import { jointRows, type JointRows } from "../joint-rows.ts";
import type { Centring } from "../learner.ts";
import { splitRows } from "../split.ts";
import type { LearnedFrom } from "./finished.ts";
import type { FactorizationConfig } from "./options.ts";
import { stopIfAsked, type Observed } from "./report-step.ts";

export interface SecondMoments extends LearnedFrom {
  /** d x d, symmetric */
  readonly products: Float64Array;
  /** n */
  readonly rows: number;
}

/** Rows of one product. */
const blockRows = 4096;
/** Rows that are read, shifted and handed over while they are in cache. */
const chunkRows = 256;
const sampleRows = 256;

/** Rows that share a mean, what was taken off them, and Σ of what was left. */
interface Group {
  readonly shift: Float32Array;
  readonly sum: Float64Array;
  rows: number;
}

export async function secondMoments(
  backend: Backend,
  data: EmbeddingRows,
  { center, heldOut, seed }: FactorizationConfig,
  context: Omit<Observed, "log">,
): Promise<SecondMoments> {
  const source = jointRows(data);
  const split = splitRows(source.rows, heldOut, seed);
  const { train } = split;
  const d = source.columns;
  if (train.length < 1) throw badUsage(`${source.rows} rows with heldOut ${heldOut} leave none to train on`);
  const groups = await shiftedGroups(source, train, center);
  const products = new Float64Array(d * d);
  const most = Math.min(blockRows, train.length);
  const chunk = new Float32Array(Math.min(chunkRows, most) * d);
  const held = backend.floats(most * d);
  const out = backend.floats(d * d);
  try {
    for (let from = 0; from < train.length; from += most) {
      stopIfAsked(context, 0, 1);
      const block = train.subarray(from, from + most);
      for (let at = 0; at < block.length; at += chunkRows) {
        const numbers = block.subarray(at, at + chunkRows);
        const current = chunk.subarray(0, numbers.length * d);
        await source.gather(numbers, current);
        if (center !== "none") takeShiftsOff(current, numbers, source, groups);
        backend.write(held, current, at * d);
      }
      await backend.columnProduct({ a: held, b: held, out, m: d, n: d, k: block.length });
      addTo(products, await backend.read(out));
      const done = from + block.length;
      context.progress({ stage: "read", done, total: train.length, unit: "rows" });
    }
  } finally {
    backend.free(held, out);
  }
  if (center !== "none") for (const group of new Set(Object.values(groups))) centre(products, group);
  const image = meanOf(groups.image);
  const text = groups.text === groups.image ? image : meanOf(groups.text);
  const preparation = { centring: center, mean: { image, text }, scale: 1 };
  return { products, rows: train.length, dimension: d, split, preparation };
}

function addTo(sums: Float64Array, values: Float32Array): void {
  for (let e = 0; e < sums.length; e++) sums[e] += values[e];
}

/** One group for both modalities, or one each; their shifts are means of rows spread over `train`. */
async function shiftedGroups(
  source: JointRows,
  train: Uint32Array,
  centring: Centring,
): Promise<Readonly<Record<Modality, Group>>> {
  const d = source.columns;
  const group = (): Group => ({ shift: new Float32Array(d), sum: new Float64Array(d), rows: 0 });
  const image = group();
  const groups = { image, text: centring === "per-modality" ? group() : image };
  if (centring === "none") return groups;
  const every = Math.ceil(train.length / sampleRows);
  const chosen = train.filter((_, position) => position % every === 0);
  const sample = new Float32Array(chosen.length * d);
  await source.gather(chosen, sample);
  takeShiftsOff(sample, chosen, source, groups);
  for (const found of new Set(Object.values(groups))) {
    if (found.rows > 0) for (let t = 0; t < d; t++) found.shift[t] = found.sum[t] / found.rows;
    found.sum.fill(0);
    found.rows = 0;
  }
  return groups;
}

function takeShiftsOff(
  block: Float32Array,
  numbers: Uint32Array,
  { imageRows, columns }: JointRows,
  groups: Readonly<Record<Modality, Group>>,
): void {
  // Numbers ascend: images come first.
  let images = 0;
  while (images < numbers.length && numbers[images] < imageRows) images++;
  takeShiftOff(block.subarray(0, images * columns), groups.image);
  takeShiftOff(block.subarray(images * columns), groups.text);
}

/** Four rows at a time, so that their sums are read and written once. */
function takeShiftOff(block: Float32Array, group: Group): void {
  const { shift, sum } = group;
  const d = shift.length;
  const [d2, d3] = [2 * d, 3 * d];
  const whole = block.length - (block.length % (4 * d));
  for (let at = 0; at < whole; at += 4 * d) {
    for (let t = 0; t < d; t++) {
      const e = at + t;
      const taken = shift[t];
      const y0 = Math.fround(block[e] - taken);
      const y1 = Math.fround(block[e + d] - taken);
      const y2 = Math.fround(block[e + d2] - taken);
      const y3 = Math.fround(block[e + d3] - taken);
      block[e] = y0;
      block[e + d] = y1;
      block[e + d2] = y2;
      block[e + d3] = y3;
      sum[t] += y0 + y1 + (y2 + y3);
    }
  }
  for (let at = whole; at < block.length; at += d) {
    for (let t = 0; t < d; t++) {
      block[at + t] -= shift[t];
      sum[t] += block[at + t];
    }
  }
  group.rows += block.length / d;
}

/** Σ(y − ȳ)(y − ȳ)ᵀ of the group's rows from Σyyᵀ. */
function centre(products: Float64Array, { sum, rows }: Group): void {
  if (rows === 0) return;
  const d = sum.length;
  for (let i = 0; i < d; i++) {
    const share = sum[i] / rows;
    for (let j = 0; j < d; j++) products[i * d + j] -= share * sum[j];
  }
}

function meanOf({ shift, sum, rows }: Group): Float32Array {
  return shift.map((value, t) => (rows === 0 ? 0 : value + sum[t] / rows));
}
