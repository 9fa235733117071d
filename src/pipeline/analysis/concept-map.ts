/**
 * A place in the plane for every concept: UMAP (McInnes, Healy & Melville, arXiv 1802.03426) over the
 * exact nearest neighbours of the atoms by cosine, seeded.
 */
import { UMAP } from "umap-js";
import { Random } from "../../base/random.ts";
import type { Neighbours } from "../../linalg/nearest-neighbours.ts";

export interface ConceptMap {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const mapNeighbours = 15;
/** Below this there is no neighbourhood to lay out. */
const fewest = 4;

export function conceptMap(neighbours: Neighbours, concepts: number, seed: number): ConceptMap {
  const x = new Float64Array(concepts);
  const y = new Float64Array(concepts);
  if (concepts < fewest) {
    for (let j = 0; j < concepts; j++) x[j] = j;
    return { x, y };
  }
  const k = Math.min(mapNeighbours, neighbours.k);
  // umap-js counts a point as its own first neighbour.
  const indices = Array.from({ length: concepts }, (_, j) => [
    j,
    ...neighbours.index.subarray(j * neighbours.k, j * neighbours.k + k),
  ]);
  const distances = Array.from({ length: concepts }, (_, j) => [
    0,
    ...Array.from(neighbours.product.subarray(j * neighbours.k, j * neighbours.k + k), (cosine) =>
      Math.max(0, 1 - cosine),
    ),
  ]);
  const random = Random.of(seed, "concept map");
  const umap = new UMAP({ nComponents: 2, nNeighbors: k + 1, minDist: 0.12, random: () => random.uniform() });
  umap.setPrecomputedKNN(indices, distances);
  const epochs = umap.initializeFit(indices);
  for (let e = 0; e < epochs; e++) umap.step();
  umap.getEmbedding().forEach((place, j) => {
    x[j] = place[0]!;
    y[j] = place[1]!;
  });
  return { x, y };
}
