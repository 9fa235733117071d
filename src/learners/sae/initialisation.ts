/**
 * Data-aware start: atoms are centred training rows of distinct direction, mixed from two where
 * there are more concepts than rows; the encoder is the dictionary; biases are zero.
 *
 * A row reconstructed by k correlated atoms overshoots, so the encoder is scaled by the factor
 * that reconstructs a sample of rows best: s = Σ⟨x̂, x⟩ / Σ‖x̂‖².
 */
import { Random } from "../../base/random.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { JointRows } from "../joint-rows.ts";
import type { SaeConfig } from "./config.ts";
import { prepareRows } from "../preparation.ts";
import type { Preparation } from "../preparation.ts";

export interface Start {
  /** c x d, unit rows */
  readonly atoms: Float32Array;
  /** Encoder rows are this times the atoms. */
  readonly encoderScale: number;
  /** The activation, after scaling, above which k concepts per sample are active. */
  readonly cut: number;
}

const sampleRows = 1024;

export async function initialAtoms(
  source: JointRows,
  train: Uint32Array,
  preparation: Preparation,
  { concepts, seed }: SaeConfig,
): Promise<Float32Array> {
  const d = source.columns;
  const random = Random.of(seed, "initial atoms");
  const atoms = new Float32Array(concepts * d);
  const order = random.permutation(train.length);
  const read = async (positions: Uint32Array): Promise<Float32Array> => {
    const rows = positions.map((position) => train[position]);
    const out = new Float32Array(rows.length * d);
    await source.gather(rows, out);
    prepareRows(preparation, source, rows, out);
    return out;
  };
  const direct = Math.min(concepts, train.length);
  atoms.set(await read(order.subarray(0, direct)));
  for (let from = direct; from < concepts; from += sampleRows) {
    const count = Math.min(sampleRows, concepts - from);
    const pick = (): Uint32Array => Uint32Array.from({ length: count }, () => random.integer(train.length));
    const first = await read(pick());
    const second = await read(pick());
    for (let j = 0; j < count; j++) {
      const share = random.uniform();
      for (let t = 0; t < d; t++) {
        atoms[(from + j) * d + t] = share * first[j * d + t] + (1 - share) * second[j * d + t];
      }
    }
  }
  for (let j = 0; j < concepts; j++) normaliseOrDraw(atoms.subarray(j * d, (j + 1) * d), random);
  return atoms;
}

/** Scales to unit norm; a row without direction (the mean itself) becomes a random direction. */
export function normaliseOrDraw(row: Float32Array, random: Random): void {
  let square = 0;
  for (const value of row) square += value * value;
  while (!(square > 1e-12)) {
    square = 0;
    for (let t = 0; t < row.length; t++) {
      row[t] = random.normal();
      square += row[t] * row[t];
    }
  }
  const norm = Math.sqrt(square);
  for (let t = 0; t < row.length; t++) row[t] /= norm;
}

/** Encodes a sample of rows with the tied dictionary to find the encoder's scale and the cut. */
export async function measureStart(
  backend: Backend,
  atoms: Float32Array,
  sample: Float32Array,
  { concepts, k }: SaeConfig,
  startBias: number,
): Promise<Start> {
  const d = atoms.length / concepts;
  const rows = sample.length / d;
  const x = backend.floats(sample.length);
  const encoder = backend.floats(atoms.length);
  const codes = backend.codes(rows, concepts);
  try {
    backend.write(x, sample);
    backend.write(encoder, atoms);
    const selection = { kind: "batch-topk", total: Math.round(k * rows) } as const;
    const { smallest } = await backend.encode({
      x,
      rows,
      dimension: d,
      encoder,
      concepts,
      selection,
      codes,
    });
    const found = await backend.readCodes(codes, rows);
    const scale = fittingScale(found, smallest * startBias, atoms, sample);
    return { atoms, encoderScale: scale, cut: smallest * scale };
  } finally {
    backend.free(x, encoder, codes);
  }
}

/** Σ⟨x̂, x⟩ / Σ‖x̂‖² for x̂ made of the given codes, each shifted by `shift`. */
function fittingScale(codes: SparseCodes, shift: number, atoms: Float32Array, sample: Float32Array): number {
  const d = sample.length / codes.rows;
  const reconstruction = new Float64Array(d);
  let along = 0;
  let square = 0;
  for (let i = 0; i < codes.rows; i++) {
    reconstruction.fill(0);
    for (let e = codes.rowStart[i]; e < codes.rowStart[i + 1]; e++) {
      const value = codes.value[e] + shift;
      const at = codes.concept[e] * d;
      for (let t = 0; t < d; t++) reconstruction[t] += value * atoms[at + t];
    }
    for (let t = 0; t < d; t++) {
      along += reconstruction[t] * sample[i * d + t];
      square += reconstruction[t] * reconstruction[t];
    }
  }
  return along > 0 && square > 0 ? along / square : 1;
}

export { sampleRows as startSampleRows };
