/**
 * Rows against centroids on a backend: of every row the nearest one, by the largest
 * p_j = ⟨x, c_j⟩ − ½‖c_j‖², for which ‖x − c_j‖² = ‖x‖² − 2p_j.
 */
import type { Backend, CodesTensor, Floats } from "../kernels/backend.ts";

export interface Nearest {
  /** n: the nearest centroid; the lower one of two as near. */
  readonly label: Uint32Array;
  /** n: its p. */
  readonly score: Float32Array;
}

/** −½‖c_j‖² of c centroids in d dimensions. */
export function halfSquares(centroids: Float32Array, dimension: number): Float32Array {
  return Float32Array.from({ length: centroids.length / dimension }, (_, j) => {
    let square = 0;
    for (let e = j * dimension; e < (j + 1) * dimension; e++) square += centroids[e] * centroids[e];
    return -square / 2;
  });
}

/** Searches among `concepts` centroids for up to `mostRows` rows; `x` stays the caller's. */
export class NearestCentroid {
  readonly #backend: Backend;
  readonly #dimension: number;
  readonly #concepts: number;
  readonly #x: Floats;
  readonly #centroids: Floats;
  readonly #bias: Floats;
  readonly #codes: CodesTensor;

  constructor(
    backend: Backend,
    x: Floats,
    { mostRows, dimension, concepts }: { mostRows: number; dimension: number; concepts: number },
  ) {
    this.#backend = backend;
    this.#dimension = dimension;
    this.#concepts = concepts;
    this.#x = x;
    this.#centroids = backend.floats(concepts * dimension);
    this.#bias = backend.floats(concepts);
    this.#codes = backend.codes(mostRows, concepts);
  }

  /** `bias`: what is added to ⟨x, c_j⟩; left out −½‖c_j‖². */
  setCentroids(centroids: Float32Array, bias = halfSquares(centroids, this.#dimension)): void {
    this.#backend.write(this.#centroids, centroids);
    this.#backend.write(this.#bias, bias);
  }

  /** For the first `rows` rows of x (rows x d). */
  async find(rows: number): Promise<Nearest> {
    await this.#backend.encode({
      x: this.#x,
      rows,
      dimension: this.#dimension,
      encoder: this.#centroids,
      encoderBias: this.#bias,
      concepts: this.#concepts,
      selection: { kind: "topk", k: 1, signed: true },
      codes: this.#codes,
    });
    const { concept, value } = await this.#backend.readCodes(this.#codes, rows);
    return { label: concept, score: value };
  }

  free(): void {
    this.#backend.free(this.#centroids, this.#bias, this.#codes);
  }
}
