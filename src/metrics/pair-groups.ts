/** Pairs gathered by image: what "shuffle whole images, not captions" permutes. */
import type { PairTable } from "../base/rows.ts";
import type { SparseCodes } from "../base/sparse-codes.ts";

export interface PairGroups {
  /** G: the different image rows of the pairs, ascending. */
  readonly images: Uint32Array;
  /** pairs: position in `images` of each pair's image. */
  readonly groupOf: Uint32Array;
}

export function groupPairs(pairs: PairTable): PairGroups {
  const images = Uint32Array.from(new Set(pairs.image)).sort();
  const position = new Map<number, number>();
  images.forEach((row, g) => position.set(row, g));
  return { images, groupOf: pairs.image.map((row) => position.get(row) ?? 0) };
}

/** G x c: for each image, the sum of its captions' codes. */
export function captionSums(codes: SparseCodes, pairs: PairTable, groups: PairGroups): SparseCodes {
  const count = groups.images.length;
  const start = new Uint32Array(count + 1);
  for (const g of groups.groupOf) start[g + 1]++;
  for (let g = 0; g < count; g++) start[g + 1] += start[g];
  const captions = new Uint32Array(pairs.text.length);
  const next = start.slice(0, count);
  pairs.text.forEach((row, p) => {
    captions[next[groups.groupOf[p]]++] = row;
  });
  let capacity = 0;
  for (const row of pairs.text) capacity += codes.rowStart[row + 1] - codes.rowStart[row];
  const rowStart = new Uint32Array(count + 1);
  const concept = new Uint32Array(capacity);
  const value = new Float32Array(capacity);
  const sums = new Float64Array(codes.concepts);
  let size = 0;
  for (let g = 0; g < count; g++) {
    const touched = new Set<number>();
    for (let t = start[g]; t < start[g + 1]; t++) {
      const row = captions[t];
      for (let e = codes.rowStart[row]; e < codes.rowStart[row + 1]; e++) {
        if (codes.value[e] === 0) continue;
        touched.add(codes.concept[e]);
        sums[codes.concept[e]] += codes.value[e];
      }
    }
    for (const j of [...touched].sort((a, b) => a - b)) {
      concept[size] = j;
      value[size++] = sums[j];
      sums[j] = 0;
    }
    rowStart[g + 1] = size;
  }
  return {
    rows: count,
    concepts: codes.concepts,
    rowStart,
    concept: concept.slice(0, size),
    value: value.slice(0, size),
  };
}
