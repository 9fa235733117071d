/**
 * Brings a finished dictionary to its L0: so that on the given rows, raw and through the folded
 * weights, a sample has the asked number of active concepts on average. Exact up to ties and the
 * rounding of the final thresholds: the cut is the rank statistic over all of these rows.
 */
import { badInput } from "../../base/errors.ts";
import type { Modality, RowSource } from "../../base/rows.ts";
import { modalities } from "../../base/rows.ts";
import type { Backend } from "../../kernels/backend.ts";
import { encodeBlocks } from "../codes.ts";
import type { Dictionary, ModalityBiases } from "../dictionary.ts";
import type { JointRows } from "../joint-rows.ts";
import { RankHistogram } from "./rank-histogram.ts";

/** A first octave that starts a little below the guess nearly always holds the cut. */
const startBelow = 0.7;
const mostPasses = 60;

export async function calibrate(
  dictionary: Dictionary,
  by: "factor" | "shift" | "none",
  activePerSample: number,
  source: JointRows,
  chosen: Uint32Array,
  backend: Backend,
  shiftScale: number,
  signal?: AbortSignal,
): Promise<Dictionary> {
  const kept = Math.round(activePerSample * chosen.length);
  if (by === "factor" && dictionary.activation.kind === "jumprelu") {
    const thresholds = raised(dictionary.activation.thresholds);
    const same = thresholds.every((theta) => theta === thresholds[0]);
    const base = same ? new Float32Array(thresholds.length).fill(1) : thresholds;
    const guess = same ? thresholds[0] : 1;
    const factor = await findCut(dictionary, base, guess, kept, source, chosen, backend, signal);
    const activation = { kind: "jumprelu", thresholds: base.map((theta) => theta * factor) } as const;
    return { ...dictionary, activation };
  }
  if (by === "shift") {
    const lifted = shiftBiases(dictionary, shiftScale);
    const base = new Float32Array(dictionary.concepts).fill(1);
    const cut = await findCut(lifted, base, shiftScale, kept, source, chosen, backend, signal);
    return shiftBiases(dictionary, shiftScale - cut);
  }
  return dictionary;
}

/** Thresholds that reached zero could not be scaled: they get a thousandth of the mean. */
function raised(thresholds: Float32Array): Float32Array {
  let sum = 0;
  for (const theta of thresholds) sum += theta;
  const least = Math.max(sum / thresholds.length / 1000, 1e-12);
  return thresholds.map((theta) => Math.max(theta, least));
}

function shiftBiases(dictionary: Dictionary, by: number): Dictionary {
  const { image, text } = dictionary.biases;
  const shift = ({ encoderBias, decoderBias }: ModalityBiases): ModalityBiases => ({
    encoderBias: encoderBias.map((bias) => bias + by),
    decoderBias,
  });
  const shifted = shift(image);
  return { ...dictionary, biases: { image: shifted, text: text === image ? shifted : shift(text) } };
}

/** The factor f for which `kept` pre-activations of the chosen rows exceed f·base. */
async function findCut(
  dictionary: Dictionary,
  base: Float32Array,
  guess: number,
  kept: number,
  source: JointRows,
  chosen: Uint32Array,
  backend: Backend,
  signal: AbortSignal | undefined,
): Promise<number> {
  const histogram = new RankHistogram();
  let low = Math.fround(startBelow * (guess > 0 ? guess : 1));
  for (let pass = 0; pass < mostPasses; pass++) {
    histogram.restart(low);
    // Just below, so that values equal to low are counted too.
    const selecting = base.map((theta) => theta * low * (1 - 2 ** -22));
    const activation = { kind: "jumprelu", thresholds: selecting } as const;
    for (const modality of modalities) {
      const rows = rowsOfModality(source, chosen, modality);
      if (rows.rows === 0) continue;
      const options = { activation, ...(signal && { signal }) };
      for await (const { codes } of encodeBlocks(dictionary, rows, modality, backend, options)) {
        for (let e = 0; e < codes.value.length; e++) histogram.add(codes.value[e] / base[codes.concept[e]]);
      }
    }
    if (histogram.above > kept) low *= 2;
    else if (histogram.total > kept) return histogram.cut(kept);
    // Even every positive pre-activation would not be enough.
    else if (low < 1e-20) return low;
    else low /= 2;
  }
  throw badInput(
    `no threshold gives ${kept / chosen.length} active concepts per sample; expected pre-activations that differ`,
  );
}

/** The chosen rows of one modality as a source of their own. */
export function rowsOfModality(source: JointRows, chosen: Uint32Array, modality: Modality): RowSource {
  const numbers = chosen.filter((row) => source.modalityOf(row) === modality);
  return {
    rows: numbers.length,
    columns: source.columns,
    readRange: (start, count, out, offset) =>
      source.gather(numbers.subarray(start, start + count), out, offset),
    gather: (indices, out, offset) =>
      source.gather(
        indices.map((i) => numbers[i]),
        out,
        offset,
      ),
  };
}
