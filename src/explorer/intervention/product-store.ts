/** Cosines of all searched images with all searched texts; only those of rows that changed are taken again. */
import { recallOfProducts } from "../../metrics/recall-of-products.ts";
import type { RetrievalRecall } from "../../metrics/retrieval.ts";

/** Calls `visit(i, products)` for every row of `a` (m x d) in order; `products` holds ⟨a_i, b_j⟩ for all rows of `b`. */
export type EachProduct = (
  a: Float32Array,
  b: Float32Array,
  dimension: number,
  visit: (i: number, products: Float32Array) => void,
) => Promise<void>;

export interface UnitRows {
  /** G x d and N x d. */
  readonly images: Float32Array;
  readonly texts: Float32Array;
}

export class ProductStore {
  readonly #products: Float32Array;
  readonly #imageOf: Uint32Array;
  readonly #dimension: number;
  readonly #each: EachProduct;

  constructor(images: number, imageOf: Uint32Array, dimension: number, each: EachProduct) {
    this.#products = new Float32Array(images * imageOf.length);
    this.#imageOf = imageOf;
    this.#dimension = dimension;
    this.#each = each;
  }

  async update(
    { images, texts }: UnitRows,
    changed: { readonly images: Uint32Array; readonly texts: Uint32Array },
  ): Promise<void> {
    const n = this.#imageOf.length;
    const g = this.#products.length / Math.max(1, n);
    const products = this.#products;
    const work = changed.images.length * n + changed.texts.length * g;
    if (work >= 0.8 * g * n) {
      await this.#each(images, texts, this.#dimension, (i, row) => products.set(row, i * n));
      return;
    }
    const d = this.#dimension;
    await this.#each(rowsOf(images, changed.images, d), texts, d, (k, row) =>
      products.set(row, changed.images[k]! * n),
    );
    await this.#each(rowsOf(texts, changed.texts, d), images, d, (k, row) => {
      const text = changed.texts[k]!;
      for (let i = 0; i < g; i++) products[i * n + text] = row[i]!;
    });
  }

  recall(): RetrievalRecall {
    return recallOfProducts(this.#products, this.#imageOf);
  }
}

function rowsOf(matrix: Float32Array, rows: Uint32Array, dimension: number): Float32Array {
  const out = new Float32Array(rows.length * dimension);
  rows.forEach((row, k) => out.set(matrix.subarray(row * dimension, (row + 1) * dimension), k * dimension));
  return out;
}
