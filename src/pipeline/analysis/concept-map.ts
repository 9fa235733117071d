/**
 * A place in the plane for every concept: UMAP (McInnes, Healy & Melville, arXiv 1802.03426) over the
 * exact nearest neighbours of the atoms by cosine, started from their two principal directions and
 * seeded. Concepts that are never active have no part in it and lie on a ring around the others.
 */
import { UMAP } from "umap-js";
import { Random } from "../../base/random.ts";
import type { Backend } from "../../kernels/backend.ts";
import { nearestNeighbours } from "../../linalg/nearest-neighbours.ts";
import { rightSingular } from "../../linalg/singular-values.ts";
import { gatherAtoms } from "../../metrics/atom-cosines.ts";

export interface ConceptMap {
  readonly x: Float64Array;
  readonly y: Float64Array;
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
  const places =
    live.length < fewest
      ? Array.from(live, (_, i): [number, number] => [i, 0])
      : await layOut(backend, gatherAtoms(atoms, live, dimension), live.length, dimension, seed);
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
  return { x, y };
}

/** Places of all rows, centred. */
async function layOut(
  backend: Backend,
  atoms: Float32Array,
  rows: number,
  dimension: number,
  seed: number,
): Promise<[number, number][]> {
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
  principalStart(atoms, rows, dimension, random).forEach(([px, py], j) => {
    places[j]![0] = px;
    places[j]![1] = py;
  });
  for (let epoch = 0; epoch < epochs; epoch++) umap.step();
  const found = umap.getEmbedding() as [number, number][];
  const meanX = found.reduce((sum, [px]) => sum + px, 0) / rows;
  const meanY = found.reduce((sum, [, py]) => sum + py, 0) / rows;
  return found.map(([px, py]) => [px - meanX, py - meanY]);
}

/** Coordinates along the two leading directions of the centred atoms, with a little noise that parts equal ones. */
function principalStart(
  atoms: Float32Array,
  rows: number,
  dimension: number,
  random: Random,
): [number, number][] {
  const mean = new Float64Array(dimension);
  for (let e = 0; e < atoms.length; e++) mean[e % dimension]! += atoms[e]! / rows;
  const centred = atoms.map((value, e) => value - mean[e % dimension]!);
  const { vectors } = rightSingular(centred, rows, dimension);
  const along = (row: number, direction: number): number => {
    if (direction >= dimension) return 0;
    let sum = 0;
    for (let q = 0; q < dimension; q++)
      sum += centred[row * dimension + q]! * vectors[direction * dimension + q]!;
    return sum;
  };
  const places = Array.from({ length: rows }, (_, row): [number, number] => [along(row, 0), along(row, 1)]);
  const largest = places.reduce((most, [px, py]) => Math.max(most, Math.abs(px), Math.abs(py)), 1e-12);
  const scale = startExtent / largest;
  return places.map(([px, py]) => [px * scale + 1e-4 * random.normal(), py * scale + 1e-4 * random.normal()]);
}
