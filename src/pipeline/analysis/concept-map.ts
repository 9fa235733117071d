/**
 * A place in the plane for every concept: UMAP (McInnes, Healy & Melville, arXiv 1802.03426) over the
 * exact nearest neighbours of the atoms by cosine, started from their two principal directions and
 * seeded. Concepts that are never active have no part in it and lie on a ring around the others.
 */
import { UMAP } from "umap-js";
import { Random } from "../../base/random.ts";
import type { Backend } from "../../kernels/backend.ts";
import { nearestNeighbours } from "../../linalg/nearest-neighbours.ts";
import { gatherAtoms } from "../../metrics/atom-cosines.ts";
import { principalPlane, type PrincipalPlane } from "./principal-plane.ts";

export interface ConceptMap {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The principal plane of the concepts that are ever active. */
  readonly principal: PrincipalPlane;
}

const mapNeighbours = 15;
/** Below this there is no neighbourhood to lay out. */
const fewest = 4;
const epochs = 200;
/** Largest coordinate of the start. */
const startExtent = 10;

export async function conceptMap(
  backend: Backend,
  atoms: Float32Array,
  dimension: number,
  active: Uint32Array,
  seed: number,
): Promise<ConceptMap> {
  const concepts = active.length;
  const live = Uint32Array.from(Array.from(active.keys()).filter((j) => active[j]! > 0));
  const x = new Float64Array(concepts);
  const y = new Float64Array(concepts);
  const principal = principalPlane(atoms, dimension, live);
  const start = Array.from(live, (j): [number, number] => [principal.x[j]!, principal.y[j]!]);
  const places =
    live.length < fewest
      ? Array.from(live, (_, i): [number, number] => [i, 0])
      : await layOut(backend, gatherAtoms(atoms, live, dimension), dimension, start, seed);
  let radius = 1;
  live.forEach((j, i) => {
    const [px, py] = places[i]!;
    x[j] = px;
    y[j] = py;
    radius = Math.max(radius, Math.hypot(px, py));
  });
  const dead = concepts - live.length;
  let nth = 0;
  for (let j = 0; j < concepts; j++) {
    if (active[j]! > 0) continue;
    const angle = (2 * Math.PI * nth++) / dead;
    x[j] = 1.08 * radius * Math.cos(angle);
    y[j] = 1.08 * radius * Math.sin(angle);
  }
  return { x, y, principal };
}

/** Places of all rows, centred; `start` has two coordinates of each. */
async function layOut(
  backend: Backend,
  atoms: Float32Array,
  dimension: number,
  start: readonly [number, number][],
  seed: number,
): Promise<[number, number][]> {
  const rows = start.length;
  const neighbours = await nearestNeighbours(
    backend,
    atoms,
    rows,
    dimension,
    Math.min(mapNeighbours, rows - 2),
  );
  const { k } = neighbours;
  // umap-js counts a point as its own first neighbour.
  const indices = Array.from({ length: rows }, (_, j) => [j, ...neighbours.index.subarray(j * k, j * k + k)]);
  const distances = Array.from({ length: rows }, (_, j) => [
    0,
    ...Array.from(neighbours.product.subarray(j * k, j * k + k), (cosine) => Math.max(0, 1 - cosine)),
  ]);
  const random = Random.of(seed, "concept map");
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: k + 1,
    nEpochs: epochs,
    minDist: 0.12,
    random: () => random.uniform(),
  });
  umap.setPrecomputedKNN(indices, distances);
  umap.initializeFit(indices);
  const places = umap.getEmbedding() as [number, number][];
  const largest = start.reduce((most, [px, py]) => Math.max(most, Math.abs(px), Math.abs(py)), 1e-12);
  const scale = startExtent / largest;
  start.forEach(([px, py], j) => {
    // A little noise parts equal ones.
    places[j]![0] = px * scale + 1e-4 * random.normal();
    places[j]![1] = py * scale + 1e-4 * random.normal();
  });
  for (let epoch = 0; epoch < epochs; epoch++) umap.step();
  const found = umap.getEmbedding() as [number, number][];
  const meanX = found.reduce((sum, [px]) => sum + px, 0) / rows;
  const meanY = found.reduce((sum, [, py]) => sum + py, 0) / rows;
  return found.map(([px, py]) => [px - meanX, py - meanY]);
}
