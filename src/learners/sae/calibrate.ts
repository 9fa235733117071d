/**
 * Brings a finished dictionary to its L0: so that on the given rows, raw and through the folded
 * weights, a sample has the asked number of active concepts on average. Exact up to ties and the
 * rounding of the final thresholds: the cut is the rank statistic over all of these rows. Where too
 * few pre-activations are positive for that, all of them count, and a note says what was reached.
 */
import type { Modality, RowSource } from "../../base/rows.ts";
import { modalities } from "../../base/rows.ts";
import type { Backend } from "../../kernels/backend.ts";
import { encodeBlocks } from "../codes.ts";
import type { Dictionary, ModalityBiases } from "../dictionary.ts";
import type { JointRows } from "../joint-rows.ts";
import type { Calibration } from "./method.ts";
import { OctaveCounts, RankHistogram } from "./rank-histogram.ts";

/** A first octave that starts a little below the guess nearly always holds the cut. */
const startBelow = 0.7;
/** Each reaches eight times as far below the thresholds, the last one below whatever rows give. */
const mostLifts = 10;

/** The rows that set the activation, and what is needed to read and encode them. */
export interface CalibrationRows {
  readonly source: JointRows;
  readonly chosen: Uint32Array;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
  /** c: how far the threshold of each concept moves when the gates do; default 1. */
  readonly scales?: Float32Array;
}

export interface Calibrated {
  readonly dictionary: Dictionary;
  /** What the user has to know; empty when the asked L0 was reached. */
  readonly notes: readonly string[];
}

/** `size` is the size of a typical threshold in raw units, from which shifts are searched. */
export async function calibrate(
  dictionary: Dictionary,
  { by, activePerSample }: Calibration,
  size: number,
  rows: CalibrationRows,
): Promise<Calibrated> {
  const kept = Math.round(activePerSample * rows.chosen.length);
  if (by === "factor" && dictionary.activation.kind === "jumprelu") {
    const thresholds = raised(dictionary.activation.thresholds);
    const same = thresholds.every((theta) => theta === thresholds[0]);
    const base = same ? new Float32Array(thresholds.length).fill(1) : thresholds;
    const guess = same ? thresholds[0] : 1;
    const { cut, reached } = await findCut(dictionary, { base }, guess, kept, rows);
    const activation = { kind: "jumprelu", thresholds: base.map((theta) => theta * cut) } as const;
    return { dictionary: { ...dictionary, activation }, notes: shortfall(activePerSample, reached) };
  }
  if (by === "shift") {
    const base = new Float32Array(dictionary.concepts).fill(1);
    let lift = size;
    for (let lifts = 0; ; lifts++, lift *= 8) {
      const found = await findCut(shiftBiases(dictionary, lift), { base }, size, kept, rows);
      if (found.reached !== null && lifts < mostLifts) continue;
      const shifted = shiftBiases(dictionary, lift - found.cut);
      return { dictionary: shifted, notes: shortfall(activePerSample, found.reached) };
    }
  }
  if (by === "gate" && dictionary.activation.kind === "jumprelu") {
    const { thresholds } = dictionary.activation;
    const base = rows.scales ?? new Float32Array(thresholds.length).fill(1);
    for (let lift = size, lifts = 0; ; lifts++, lift *= 8) {
      const lowered = thresholds.map((theta, j) => theta - base[j] * lift);
      const found = await findCut(dictionary, { base, from: lowered }, size, kept, rows);
      if (found.reached !== null && lifts < mostLifts) continue;
      const moved = lowered.map((theta, j) => Math.max(0, theta + base[j] * found.cut));
      const activation = { kind: "jumprelu", thresholds: moved } as const;
      return { dictionary: { ...dictionary, activation }, notes: shortfall(activePerSample, found.reached) };
    }
  }
  return { dictionary, notes: [] };
}

function shortfall(asked: number, reached: number | null): string[] {
  if (reached === null) return [];
  return [
    `asked for ${asked} active concepts per sample, reached ${reached.toFixed(2)}: no more pre-activations are positive; lower k or train longer`,
  ];
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

interface Cut {
  readonly cut: number;
  /** Active concepts per sample at the cut 0, where even that is not enough; else null. */
  readonly reached: number | null;
}

/** Values f = (p − from)/base of pre-activations p, from 0 without `from`. */
interface Measure {
  /** c, above 0 */
  readonly base: Float32Array;
  /** c */
  readonly from?: Float32Array;
}

/**
 * The f for which `kept` positive pre-activations of the chosen rows exceed from + f·base. Where the guess
 * missed its octave, one pass counts all octaves, and the next one cuts in the right one.
 */
async function findCut(
  dictionary: Dictionary,
  measure: Measure,
  guess: number,
  kept: number,
  rows: CalibrationRows,
): Promise<Cut> {
  const histogram = new RankHistogram();
  const cutAbove = async (low: number): Promise<boolean> => {
    histogram.restart(low);
    await eachValue(dictionary, measure, low, rows, (value) => histogram.add(value));
    return histogram.above <= kept && histogram.total > kept;
  };
  if (await cutAbove(Math.fround(startBelow * (guess > 0 ? guess : 1)))) {
    return { cut: histogram.cut(kept), reached: null };
  }
  const octaves = new OctaveCounts();
  await eachValue(dictionary, measure, 0, rows, (value) => octaves.add(value));
  const low = octaves.lowOf(kept);
  if (low !== null && (await cutAbove(low))) return { cut: histogram.cut(kept), reached: null };
  return { cut: 0, reached: octaves.total === kept ? null : octaves.total / rows.chosen.length };
}

/** The values above `low`, and perhaps some just below. */
async function eachValue(
  dictionary: Dictionary,
  { base, from }: Measure,
  low: number,
  { source, chosen, backend, signal }: CalibrationRows,
  take: (value: number) => void,
): Promise<void> {
  // Just below, so that values equal to low are counted too.
  const thresholds = base.map((size, j) => (from?.[j] ?? 0) + size * low * (1 - 2 ** -22));
  const options = { activation: { kind: "jumprelu", thresholds }, ...(signal && { signal }) } as const;
  for (const modality of modalities) {
    const rows = rowsOfModality(source, chosen, modality);
    if (rows.rows === 0) continue;
    for await (const { codes } of encodeBlocks(dictionary, rows, modality, backend, options)) {
      for (let e = 0; e < codes.value.length; e++) {
        const j = codes.concept[e];
        const value = (codes.value[e] - (from?.[j] ?? 0)) / base[j];
        if (value > 0) take(value);
      }
    }
  }
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
