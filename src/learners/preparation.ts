/**
 * Centring and scaling before learning: x′ = s·(x − μ_M). Means and norms are taken over the
 * training rows alone, in blocks and in row order, with sums in float64.
 */
import { badInput } from "../base/errors.ts";
import type { Centring } from "./learner.ts";
import type { JointRows } from "./joint-rows.ts";

export interface Preparation {
  readonly centring: Centring;
  /** d each; the same array for both unless centring is per modality, zeros when it is "none". */
  readonly mean: { readonly image: Float32Array; readonly text: Float32Array };
  /** s */
  readonly scale: number;
  /** Mean of ‖x − μ‖² over the raw training rows of both modalities, μ their joint mean. */
  readonly variance: number;
}

const blockRows = 2048;

async function overBlocks(
  source: JointRows,
  rows: Uint32Array,
  visit: (block: Float32Array, rows: Uint32Array) => void,
): Promise<void> {
  const block = new Float32Array(Math.min(blockRows, rows.length) * source.columns);
  for (let from = 0; from < rows.length; from += blockRows) {
    const indices = rows.subarray(from, from + blockRows);
    await source.gather(indices, block);
    visit(block, indices);
  }
}

function meanOf(sum: Float64Array, count: number): Float32Array {
  return Float32Array.from(sum, (value) => (count === 0 ? 0 : value / count));
}

export async function measurePreparation(
  source: JointRows,
  train: Uint32Array,
  centring: Centring,
  scaled: boolean,
  /** Called after every block with how many rows were read for the means; may throw to stop. */
  observe: (done: number) => void = () => {},
): Promise<Preparation> {
  const d = source.columns;
  const sums = { image: new Float64Array(d), text: new Float64Array(d) };
  const counts = { image: 0, text: 0 };
  let squares = 0;
  let done = 0;
  await overBlocks(source, train, (block, rows) => {
    // A number of its own: one that lies outside the function is boxed anew at every step.
    let running = squares;
    for (let i = 0; i < rows.length; i++) {
      const modality = source.modalityOf(rows[i]);
      const sum = sums[modality];
      counts[modality]++;
      for (let t = 0; t < d; t++) {
        const value = block[i * d + t];
        sum[t] += value;
        running += value * value;
      }
    }
    squares = running;
    done += rows.length;
    observe(done);
  });
  const pooled = sums.image.map((value, t) => value + sums.text[t]);
  let meanSquare = 0;
  for (const sum of pooled) meanSquare += (sum / train.length) ** 2;
  const variance = Math.max(0, squares / train.length - meanSquare);
  let mean: Preparation["mean"];
  if (centring === "per-modality") {
    mean = { image: meanOf(sums.image, counts.image), text: meanOf(sums.text, counts.text) };
  } else {
    const shared = centring === "global" ? meanOf(pooled, train.length) : new Float32Array(d);
    mean = { image: shared, text: shared };
  }
  const centred: Preparation = { centring, mean, scale: 1, variance };
  if (!scaled) return centred;
  let norms = 0;
  await overBlocks(source, train, (block, rows) => {
    prepareRows(centred, source, rows, block);
    for (let i = 0; i < rows.length; i++) {
      let square = 0;
      for (let t = i * d; t < (i + 1) * d; t++) square += block[t] * block[t];
      norms += Math.sqrt(square);
    }
  });
  if (!(norms > 0) || !Number.isFinite(norms)) {
    throw badInput(
      `the ${train.length} training rows have mean norm ${norms / train.length} after centring; expected finite rows that differ`,
    );
  }
  return { ...centred, scale: train.length / norms };
}

/** Centres and scales rows in place; `block` holds the rows numbered `rows`. */
export function prepareRows(
  { centring, mean, scale }: Pick<Preparation, "centring" | "mean" | "scale">,
  source: JointRows,
  rows: Uint32Array,
  block: Float32Array,
): void {
  if (centring === "none" && scale === 1) return;
  const d = source.columns;
  for (let i = 0; i < rows.length; i++) {
    const from = mean[source.modalityOf(rows[i])];
    const at = i * d;
    for (let t = 0; t < d; t++) block[at + t] = (block[at + t] - from[t]) * scale;
  }
}
