/** The pairs of some images: all of them where images are few, else those of a drawn sample, with every caption. */
import { Random } from "../base/random.ts";
import type { PairTable } from "../base/rows.ts";
import { groupPairs } from "./pair-groups.ts";

export interface PairSample {
  /** Image rows, ascending, each once. */
  readonly images: Uint32Array;
  /** The text row of each pair. */
  readonly texts: Uint32Array;
  /** Position in `images` of each pair's image. */
  readonly imageOf: Uint32Array;
  /** Different images in all pairs. */
  readonly imagesInAll: number;
}

/** Draws `most` of the paired images where there are more; the order of the pairs is kept. */
export function samplePairs(pairs: PairTable, most: number, seed: number): PairSample {
  const { images, groupOf } = groupPairs(pairs);
  const all = { images, texts: pairs.text, imageOf: groupOf, imagesInAll: images.length };
  if (images.length <= most) return all;
  const drawn = Random.of(seed, "retrieval sample").permutation(images.length).subarray(0, most).sort();
  const position = new Int32Array(images.length).fill(-1);
  drawn.forEach((group, at) => {
    position[group] = at;
  });
  const kept = Uint32Array.from(groupOf.keys()).filter((pair) => position[groupOf[pair]] >= 0);
  return {
    images: drawn.map((group) => images[group]),
    texts: kept.map((pair) => pairs.text[pair]),
    imageOf: kept.map((pair) => position[groupOf[pair]]),
    imagesInAll: images.length,
  };
}
