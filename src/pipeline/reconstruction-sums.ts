/** Adds blocks of encoded rows to reconstruction sums; dense codes are decoded by the backend. */
import type { Modality } from "../base/rows.ts";
import type { Backend } from "../kernels/backend.ts";
import type { CodeBlock } from "../learners/codes.ts";
import { createDenseDecoder, hasDenseRows } from "../learners/dense-decoder.ts";
import type { DenseDecoder } from "../learners/dense-decoder.ts";
import type { Dictionary } from "../learners/dictionary.ts";
import { addRebuilt, addReconstruction, type ReconstructionSums } from "../metrics/reconstruction.ts";

export class ReconstructionAdder {
  readonly #dictionary: Dictionary;
  readonly #modality: Modality;
  readonly #backend: Backend;
  #decoder: DenseDecoder | undefined;
  #mostRows = 0;

  constructor(dictionary: Dictionary, modality: Modality, backend: Backend) {
    this.#dictionary = dictionary;
    this.#modality = modality;
    this.#backend = backend;
  }

  /** `sumsOf` gives the sums that row r of the block belongs to. */
  async add({ codes, rows: x }: CodeBlock, sumsOf: (r: number) => ReconstructionSums): Promise<void> {
    const { dimension: d, atoms, biases } = this.#dictionary;
    const rebuilt = hasDenseRows(codes) ? await this.#decoderFor(codes.rows).decode(codes) : undefined;
    for (let r = 0; r < codes.rows; r++) {
      const row = x.subarray(r * d, (r + 1) * d);
      if (rebuilt) addRebuilt(sumsOf(r), row, rebuilt.subarray(r * d, (r + 1) * d), codes, r);
      else addReconstruction(sumsOf(r), row, 1, codes, r, atoms, biases[this.#modality].decoderBias);
    }
  }

  #decoderFor(rows: number): DenseDecoder {
    if (this.#decoder && rows <= this.#mostRows) return this.#decoder;
    this.#decoder?.free();
    this.#mostRows = rows;
    this.#decoder = createDenseDecoder(this.#dictionary, this.#modality, this.#backend, rows);
    return this.#decoder;
  }

  free(): void {
    this.#decoder?.free();
  }
}
