/**
 * Rows of both modalities with their labels, split by a seed into a part to fit on and a held-out
 * part: what the probe, the subspace and the concept classifiers work on.
 */
import { Random } from "../base/random.ts";
import type { EmbeddingRows, RowSource } from "../base/rows.ts";

export interface LabelledRows {
  readonly rows: number;
  /** rows x d */
  readonly x: Float32Array;
  /** rows: 1 = image, 0 = text */
  readonly isImage: Uint8Array;
}

export interface LabelledSample {
  readonly train: LabelledRows;
  readonly heldOut: LabelledRows;
}

export interface SampleOptions {
  readonly seed: number;
  /** Most rows taken of each modality, both parts together; all of them when it has fewer. */
  readonly rowsPerModality: number;
  /** Share held out. Default 0.2. */
  readonly heldOut?: number;
}

/** Row numbers, ascending, of one modality's two parts. */
export function sampleRows(
  rows: number,
  purpose: string,
  { seed, rowsPerModality, heldOut = 0.2 }: SampleOptions,
): { train: Uint32Array; heldOut: Uint32Array } {
  const taken = Random.of(seed, purpose).permutation(rows).subarray(0, Math.min(rows, rowsPerModality));
  const cut = Math.round(taken.length * (1 - heldOut));
  return { train: taken.slice(0, cut).sort(), heldOut: taken.slice(cut).sort() };
}

export async function labelledSample(set: EmbeddingRows, options: SampleOptions): Promise<LabelledSample> {
  const image = sampleRows(set.image.rows, "image sample", options);
  const text = sampleRows(set.text.rows, "text sample", options);
  return {
    train: await gatherLabelled(set.image, image.train, set.text, text.train),
    heldOut: await gatherLabelled(set.image, image.heldOut, set.text, text.heldOut),
  };
}

async function gatherLabelled(
  images: RowSource,
  imageRows: Uint32Array,
  texts: RowSource,
  textRows: Uint32Array,
): Promise<LabelledRows> {
  const d = images.columns;
  const rows = imageRows.length + textRows.length;
  const x = new Float32Array(rows * d);
  await images.gather(imageRows, x);
  await texts.gather(textRows, x, imageRows.length * d);
  return { rows, x, isImage: new Uint8Array(rows).fill(1, 0, imageRows.length) };
}
