/** Applying a finished dictionary to raw rows: sparse codes in blocks, and their reconstruction. */
import { badUsage } from "../base/errors.ts";
import { silent } from "../base/progress.ts";
import type { Progress } from "../base/progress.ts";
import type { Modality, RowSource } from "../base/rows.ts";
import type { SparseCodes } from "../base/sparse-codes.ts";
import type { Backend } from "../kernels/backend.ts";
import type { Coder } from "./coding/coder.ts";
import { leastSquaresCoder } from "./coding/least-squares.ts";
import { linearCoder } from "./coding/linear.ts";
import { nearestCoder } from "./coding/nearest.ts";
import { pursuitCoder } from "./coding/pursuit.ts";
import { selectingCoder } from "./coding/selected.ts";
import type { Activation, Dictionary } from "./dictionary.ts";

export interface EncodeOptions {
  /** Rows encoded at once; default 1024. */
  readonly blockRows?: number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Instead of the dictionary's own activation. */
  readonly activation?: Activation;
}

/** One block of codes; `rows` holds its raw rows and is overwritten by the next block. */
export interface CodeBlock {
  /** The first row's number in the source. */
  readonly start: number;
  readonly codes: SparseCodes;
  readonly rows: Float32Array;
  /** Rows of the block whose codes stopped short of their tolerance (least-squares codes). */
  readonly unsettled: number;
}

/** Codes of all rows of one modality, block after block, in row order. */
export async function* encodeBlocks(
  dictionary: Dictionary,
  source: RowSource,
  modality: Modality,
  backend: Backend,
  options: EncodeOptions = {},
): AsyncGenerator<CodeBlock, void, undefined> {
  const { dimension: d } = dictionary;
  if (source.columns !== d) {
    throw badUsage(`rows have ${source.columns} dimensions; the dictionary was learned on ${d}`);
  }
  const { blockRows = 1024, progress = silent, signal } = options;
  const most = Math.max(1, Math.min(blockRows, source.rows));
  const activation = options.activation ?? dictionary.activation;
  const coder = createCoder({ ...dictionary, activation }, modality, backend, most);
  try {
    const held = new Float32Array(most * d);
    for (let start = 0; start < source.rows; start += most) {
      signal?.throwIfAborted();
      const rows = Math.min(most, source.rows - start);
      await source.readRange(start, rows, held);
      const current = held.subarray(0, rows * d);
      const codes = await coder.encode(current, rows);
      yield { start, codes, rows: current, unsettled: coder.unsettled ?? 0 };
      progress({ stage: `encode ${modality}`, done: start + rows, total: source.rows, unit: "rows" });
    }
  } finally {
    coder.free();
  }
}

/** The way of coding that the dictionary's activation asks for, for up to `mostRows` rows at once. */
export function createCoder(
  dictionary: Dictionary,
  modality: Modality,
  backend: Backend,
  mostRows: number,
): Coder {
  const { activation } = dictionary;
  switch (activation.kind) {
    case "jumprelu":
    case "topk":
    case "relu":
      return selectingCoder(dictionary, activation, modality, backend, mostRows);
    case "pursuit":
      return pursuitCoder(dictionary, activation, modality, backend, mostRows);
    case "nearest":
      return nearestCoder(dictionary, activation, modality, backend, mostRows);
    case "linear":
      return linearCoder(dictionary, modality, backend, mostRows);
    case "least-squares":
      return leastSquaresCoder(dictionary, activation, modality, backend, mostRows);
  }
}

/** Codes of all rows of one modality, n x c. */
export async function encodeRows(
  dictionary: Dictionary,
  source: RowSource,
  modality: Modality,
  backend: Backend,
  options: EncodeOptions = {},
): Promise<SparseCodes> {
  const blocks: SparseCodes[] = [];
  for await (const { codes } of encodeBlocks(dictionary, source, modality, backend, options)) {
    blocks.push(codes);
  }
  return stackCodes(blocks, dictionary.concepts);
}

/** The rows of all blocks, one below the other. */
export function stackCodes(blocks: readonly SparseCodes[], concepts: number): SparseCodes {
  let rows = 0;
  let entries = 0;
  for (const block of blocks) {
    rows += block.rows;
    entries += block.rowStart[block.rows];
  }
  const rowStart = new Uint32Array(rows + 1);
  const concept = new Uint32Array(entries);
  const value = new Float32Array(entries);
  let row = 0;
  let entry = 0;
  for (const block of blocks) {
    for (let i = 1; i <= block.rows; i++) rowStart[row + i] = entry + block.rowStart[i];
    concept.set(block.concept, entry);
    value.set(block.value, entry);
    row += block.rows;
    entry += block.rowStart[block.rows];
  }
  return { rows, concepts, rowStart, concept, value };
}

/** x̂ = zᵀD + bias for rows `start` … `start + count − 1` of the codes: count x d. */
export function decodeCodes(
  codes: SparseCodes,
  dictionary: Dictionary,
  modality: Modality,
  start = 0,
  count = codes.rows - start,
): Float32Array<ArrayBuffer> {
  const { dimension: d, atoms, biases } = dictionary;
  const bias = biases[modality].decoderBias;
  const out = new Float32Array(count * d);
  for (let i = 0; i < count; i++) {
    const row = out.subarray(i * d, (i + 1) * d);
    row.set(bias);
    for (let e = codes.rowStart[start + i]; e < codes.rowStart[start + i + 1]; e++) {
      const value = codes.value[e];
      const at = codes.concept[e] * d;
      for (let t = 0; t < d; t++) row[t] += value * atoms[at + t];
    }
  }
  return out;
}
