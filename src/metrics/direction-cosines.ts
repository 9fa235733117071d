/**
 * |cos| of every atom with one direction: with the modality direction m = (μ_image − μ_text)/‖·‖,
 * or with the normal of the modality probe.
 */
import type { ReconstructionSums } from "./reconstruction.ts";

/** Mean of each dimension of one modality's rows. */
export function meanRow(sums: ReconstructionSums): Float64Array {
  return sums.sum.map((value) => value / sums.rows);
}

/** Unit vector from the text mean to the image mean; zero when they agree. */
export function modalityDirection(imageMean: Float64Array, textMean: Float64Array): Float64Array {
  const difference = imageMean.map((value, j) => value - textMean[j]);
  const length = Math.hypot(...difference);
  return length === 0 ? difference : difference.map((value) => value / length);
}

/** c values in [0, 1]; 0 for a zero atom or direction. */
export function absoluteCosines(
  atoms: Float32Array,
  concepts: number,
  direction: Float64Array,
): Float64Array {
  const d = direction.length;
  const out = new Float64Array(concepts);
  let length = 0;
  for (let j = 0; j < d; j++) length += direction[j] * direction[j];
  for (let i = 0; i < concepts; i++) {
    let product = 0;
    let squared = 0;
    for (let j = 0, at = i * d; j < d; j++, at++) {
      product += atoms[at] * direction[j];
      squared += atoms[at] * atoms[at];
    }
    const norm = Math.sqrt(squared * length);
    out[i] = norm === 0 ? 0 : Math.abs(product) / norm;
  }
  return out;
}
