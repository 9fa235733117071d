/** Pairs that share their concepts, each of which has another direction in texts than in images. */
import { Random } from "../../base/random.ts";
import { modalities, rowsInMemory } from "../../base/rows.ts";
import type { EmbeddingRows, Modality } from "../../base/rows.ts";

export interface Heterogeneous extends EmbeddingRows {
  /** c x d unit rows. */
  readonly planted: Readonly<Record<Modality, Float32Array>>;
}

/** Rows are sums of two concepts with weights in [0.5, 1.5); image i goes with text i. */
export function heterogeneous(options: {
  readonly seed: number;
  readonly images: number;
  readonly pairs: number;
  readonly dimension: number;
  readonly concepts: number;
  /** About the cosine of a concept's two directions; default 0. */
  readonly similarity?: number;
}): Heterogeneous {
  const { seed, images, pairs, dimension: d, concepts, similarity = 0 } = options;
  const random = Random.of(seed, "heterogeneous");
  const directions = (like?: Float32Array): Float32Array => {
    const own = Math.sqrt((1 - similarity ** 2) / d);
    const out = Float32Array.from({ length: concepts * d }, (_, at) =>
      like ? similarity * like[at] + own * random.normal() : random.normal(),
    );
    for (let j = 0; j < concepts; j++) {
      const row = out.subarray(j * d, (j + 1) * d);
      const norm = Math.hypot(...row);
      for (let t = 0; t < d; t++) row[t] /= norm;
    }
    return out;
  };
  const image = directions();
  const planted = { image, text: directions(image) };
  const rows = { image: new Float32Array(images * d), text: new Float32Array(pairs * d) };
  for (let i = 0; i < images; i++) {
    for (const j of random.permutation(concepts).subarray(0, 2)) {
      const weight = 0.5 + random.uniform();
      for (const modality of modalities) {
        if (modality === "text" && i >= pairs) continue;
        for (let t = 0; t < d; t++) rows[modality][i * d + t] += weight * planted[modality][j * d + t];
      }
    }
  }
  const numbers = Uint32Array.from({ length: pairs }, (_, i) => i);
  return {
    planted,
    dimension: d,
    image: rowsInMemory(rows.image, d),
    text: rowsInMemory(rows.text, d),
    pairs: { image: numbers, text: numbers },
  };
}
