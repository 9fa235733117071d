/**
 * What scaling concepts does: modality gap, retrieval, explained variance and nearest rows of the
 * reconstructions x̂ = Σ s_j z_j D_j + b, with s_j = 0 for a concept that is off and 1 for one as it is.
 * Definitions are those of `viaduct analyze` and `viaduct paper gap` (metrics/modality-gap.ts,
 * metrics/retrieval.ts).
 */
import type { SparseCodes } from "../../base/sparse-codes.ts";
import { gapBetween, meanReconstruction } from "../../metrics/modality-gap.ts";
import type { RetrievalRecall } from "../../metrics/retrieval.ts";
import type { RowCodes } from "../data/code-rows.ts";
import type { Modality } from "../data/dictionary-tables.ts";
import { KeptVariance, keptShare, keptShareOfBoth } from "./kept-variance.ts";
import { nearestRows, type NearRow } from "./nearest-rows.ts";
import { ProductStore, type EachProduct } from "./product-store.ts";
import { RebuiltRows, rebuildRow } from "./searched-rows.ts";

type Both<T> = Readonly<Record<Modality, T>>;

export interface InterventionData {
  /** d */
  readonly dimension: number;
  /** c x d */
  readonly atoms: Float32Array<ArrayBuffer>;
  /** d each. */
  readonly biases: Both<Float32Array<ArrayBuffer>>;
  /** The searched images (each once) and the text of every pair of theirs: rows of the set. */
  readonly rows: Both<Uint32Array<ArrayBuffer>>;
  /** Position in `rows.image` of the image of each text. */
  readonly imageOf: Uint32Array<ArrayBuffer>;
  /** Their codes. */
  readonly codes: Both<SparseCodes>;
  /** E[z] with signs kept (c each), over all rows of the set or the searched ones. */
  readonly meanCodes: Both<Float64Array<ArrayBuffer>>;
}

export interface Outcome {
  /** Distance of the mean reconstructions. */
  readonly gap: number;
  /** The same without decoder biases. */
  readonly gapOfConcepts: number;
  /** Null without pairs. */
  readonly recall: RetrievalRecall | null;
  /** Of the searched rows; null until their embeddings are there, and where they do not vary. */
  readonly r2: Readonly<Record<"all" | Modality, number | null>> | null;
  /** Share of the variance of the reconstructions before that is left. */
  readonly kept: number | null;
}

export interface OfEmbeddings {
  /** R² of all concepts as they are. */
  readonly r2: NonNullable<Outcome["r2"]>;
  /** Of the embeddings themselves. */
  readonly recall: RetrievalRecall | null;
}

export interface Nearest {
  readonly before: readonly NearRow[];
  readonly after: readonly NearRow[];
}

export class InterventionEngine {
  readonly #data: InterventionData;
  readonly #rebuilt: Both<RebuiltRows>;
  readonly #counted: Both<Uint32Array>;
  readonly #fromBefore: Both<KeptVariance>;
  readonly #products: ProductStore;
  readonly #each: EachProduct;
  #fromEmbeddings: Both<KeptVariance> | null = null;
  #scales: Float32Array;

  private constructor(data: InterventionData, each: EachProduct) {
    const { atoms, biases, codes, rows, dimension, imageOf } = data;
    this.#data = data;
    this.#each = each;
    const rebuilt = (side: Modality): RebuiltRows =>
      new RebuiltRows({ codes: codes[side], atoms, bias: biases[side] });
    this.#rebuilt = { image: rebuilt("image"), text: rebuilt("text") };
    this.#counted = { image: firstPlaces(rows.image), text: firstPlaces(rows.text) };
    const variance = (side: Modality): KeptVariance => {
      const { unit, length } = this.#rebuilt[side].original;
      return new KeptVariance(unit, length, dimension, this.#counted[side]);
    };
    this.#fromBefore = { image: variance("image"), text: variance("text") };
    this.#products = new ProductStore(rows.image.length, imageOf, dimension, each);
    this.#scales = new Float32Array(atoms.length / dimension).fill(1);
  }

  static async open(data: InterventionData, each: EachProduct): Promise<InterventionEngine> {
    const engine = new InterventionEngine(data, each);
    const { image, text } = engine.#rebuilt;
    const changed = { images: everyRow(image.rows), texts: everyRow(text.rows) };
    await engine.#products.update({ images: image.unit, texts: text.unit }, changed);
    return engine;
  }

  /** n x d of the searched rows: from then on outcomes have R². */
  async addEmbeddings(embeddings: Both<Float32Array>): Promise<OfEmbeddings> {
    const { dimension, imageOf } = this.#data;
    const variance = (side: Modality): KeptVariance =>
      new KeptVariance(embeddings[side], null, dimension, this.#counted[side]);
    const both = { image: variance("image"), text: variance("text") };
    for (const side of ["image", "text"] as const) {
      const { original, rows } = this.#rebuilt[side];
      both[side].update(everyRow(rows), original.unit, (row) => original.length[row]!);
    }
    const before = shares(both);
    for (const side of ["image", "text"] as const) {
      const rows = this.#rebuilt[side];
      both[side].update(everyRow(rows.rows), rows.unit, (row) => rows.lengthOf(row));
    }
    this.#fromEmbeddings = both;
    const [images, texts] = [unitRows(embeddings.image, dimension), unitRows(embeddings.text, dimension)];
    const products = new ProductStore(images.length / dimension, imageOf, dimension, this.#each);
    await products.update(
      { images, texts },
      { images: everyRow(images.length / dimension), texts: everyRow(imageOf.length) },
    );
    return { r2: before, recall: imageOf.length === 0 ? null : products.recall() };
  }

  /** `scales` (c) of the concepts, from 0 on. */
  async apply(scales: Float32Array): Promise<Outcome> {
    const changed = Uint8Array.from(scales, (scale, j) => (scale === this.#scales[j] ? 0 : 1));
    this.#scales = scales.slice();
    const moved = { image: this.#rescale("image", changed), text: this.#rescale("text", changed) };
    const { image, text } = this.#rebuilt;
    await this.#products.update(
      { images: image.unit, texts: text.unit },
      { images: moved.image, texts: moved.text },
    );
    return this.#outcome();
  }

  /** Rows of `among` nearest to a row of `side` with these codes, by cosine; `row` itself is left out. */
  nearest(side: Modality, row: number, codes: RowCodes, among: Modality, most: number): Nearest {
    const { atoms, biases, dimension, rows } = this.#data;
    const query = new Float32Array(dimension);
    const search = (unit: Float32Array, scales: Float32Array | null): readonly NearRow[] => {
      rebuildRow(codes, { atoms, bias: biases[side] }, scales, query);
      return nearestRows(query, unit, rows[among], this.#counted[among], side === among ? row : null, most);
    };
    const { original, unit } = this.#rebuilt[among];
    return { before: search(original.unit, null), after: search(unit, this.#scales) };
  }

  #rescale(side: Modality, changed: Uint8Array): Uint32Array {
    const rows = this.#rebuilt[side];
    const moved = rows.rescale(this.#scales, changed);
    const lengthOf = (row: number): number => rows.lengthOf(row);
    this.#fromBefore[side].update(moved, rows.unit, lengthOf);
    this.#fromEmbeddings?.[side].update(moved, rows.unit, lengthOf);
    return moved;
  }

  #outcome(): Outcome {
    const { biases, imageOf } = this.#data;
    const means = { image: this.#mean("image"), text: this.#mean("text") };
    const withBias = (side: Modality): Float64Array =>
      means[side].map((value, q) => value + biases[side][q]!);
    const [before, x] = [this.#fromBefore, this.#fromEmbeddings];
    return {
      gap: gapBetween(withBias("image"), withBias("text")),
      gapOfConcepts: gapBetween(means.image, means.text),
      recall: imageOf.length === 0 ? null : this.#products.recall(),
      r2: x === null ? null : shares(x),
      kept: keptShareOfBoth(before.image, before.text),
    };
  }

  /** d: without the bias. */
  #mean(side: Modality): Float64Array {
    const { meanCodes, atoms, dimension } = this.#data;
    const scaled = meanCodes[side].map((value, j) => value * this.#scales[j]!);
    return meanReconstruction(scaled, atoms, dimension, new Float32Array(dimension));
  }
}

function shares({ image, text }: Both<KeptVariance>): NonNullable<Outcome["r2"]> {
  return { all: keptShareOfBoth(image, text), image: keptShare(image), text: keptShare(text) };
}

function unitRows(rows: Float32Array, dimension: number): Float32Array {
  const out = rows.slice();
  for (let at = 0; at < out.length; at += dimension) {
    let squared = 0;
    for (let q = at; q < at + dimension; q++) squared += out[q]! * out[q]!;
    const by = squared === 0 ? 0 : 1 / Math.sqrt(squared);
    for (let q = at; q < at + dimension; q++) out[q]! *= by;
  }
  return out;
}

/** The first place of every row: a text of several pairs counts once. */
function firstPlaces(rows: Uint32Array): Uint32Array {
  const seen = new Set<number>();
  return everyRow(rows.length).filter((place) => {
    const row = rows[place]!;
    if (seen.has(row)) return false;
    seen.add(row);
    return true;
  });
}

function everyRow(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}
