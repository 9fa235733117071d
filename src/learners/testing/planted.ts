/** Small sets with a known dictionary, for tests. */
import { Random } from "../../base/random.ts";
import { rowsInMemory } from "../../base/rows.ts";
import type { EmbeddingRows } from "../../base/rows.ts";

export interface Planted {
  readonly data: EmbeddingRows;
  /** c x d unit rows. */
  readonly atoms: Float32Array;
}

/** Rows are sums of `active` of `concepts` random unit atoms with weights in [0.5, 1.5), plus an offset. */
export function planted(options: {
  readonly seed: number;
  readonly images: number;
  readonly texts: number;
  readonly dimension: number;
  readonly concepts: number;
  readonly active: number;
  /** Length of the modalities' opposite offsets. */
  readonly offset?: number;
}): Planted {
  const { images, texts, dimension: d, concepts, active, offset = 0 } = options;
  const random = Random.of(options.seed, "planted");
  const unit = (): Float32Array => {
    const row = Float32Array.from({ length: d }, () => random.normal());
    const norm = Math.hypot(...row);
    return row.map((value) => value / norm);
  };
  const atoms = new Float32Array(concepts * d);
  for (let j = 0; j < concepts; j++) atoms.set(unit(), j * d);
  const direction = unit();
  const rowsOf = (count: number, sign: number): Float32Array => {
    const rows = new Float32Array(count * d);
    for (let i = 0; i < count; i++) {
      const chosen = random.permutation(concepts).subarray(0, active);
      for (let t = 0; t < d; t++) rows[i * d + t] = 0.3 + sign * offset * direction[t];
      for (const j of chosen) {
        const weight = 0.5 + random.uniform();
        for (let t = 0; t < d; t++) rows[i * d + t] += weight * atoms[j * d + t];
      }
    }
    return rows;
  };
  const pairs = Uint32Array.from({ length: Math.min(images, texts) }, (_, i) => i);
  return {
    atoms,
    data: {
      dimension: d,
      image: rowsInMemory(rowsOf(images, 1), d),
      text: rowsInMemory(rowsOf(texts, -1), d),
      pairs: { image: pairs, text: pairs },
    },
  };
}
