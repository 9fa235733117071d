/**
 * Rows of numbers that need not fit in memory, and the embedding rows that learners and metrics
 * work on.
 */

/** n x d float32 rows behind a reader; float16 sources are widened when read. */
export interface RowSource {
  readonly rows: number;
  readonly columns: number;
  /** Writes rows `start` … `start + count − 1` to `out`, row-major, from `offset` (in numbers). */
  readRange(start: number, count: number, out: Float32Array, offset?: number): Promise<void>;
  /** Writes the rows named by `indices`, in that order, to `out`, row-major. */
  gather(indices: Uint32Array, out: Float32Array, offset?: number): Promise<void>;
}

export type Modality = "image" | "text";

export const modalities: readonly Modality[] = ["image", "text"];

/** Matched rows: image row `image[p]` goes with text row `text[p]`; one image may have many texts. */
export interface PairTable {
  readonly image: Uint32Array;
  readonly text: Uint32Array;
}

/**
 * Image and text embeddings of one model with their pairs. Where rows of both modalities are
 * numbered together, images come first: text row t is row `image.rows + t`.
 */
export interface EmbeddingRows {
  /** d */
  readonly dimension: number;
  readonly image: RowSource;
  readonly text: RowSource;
  readonly pairs: PairTable;
}

/** Rows held in memory, row-major. */
export function rowsInMemory(data: Float32Array, columns: number): RowSource {
  const rows = columns === 0 ? 0 : data.length / columns;
  return {
    rows,
    columns,
    async readRange(start, count, out, offset = 0) {
      out.set(data.subarray(start * columns, (start + count) * columns), offset);
    },
    async gather(indices, out, offset = 0) {
      for (let i = 0; i < indices.length;) {
        let run = 1;
        while (i + run < indices.length && indices[i + run] === indices[i] + run) run++;
        const at = indices[i] * columns;
        out.set(data.subarray(at, at + run * columns), offset + i * columns);
        i += run;
      }
    },
  };
}
