/**
 * Whether concepts mean what scenes are made of: for every value of every factor ("colour: red",
 * "count: three", "relation: above"), the concept that tells best on which pictures it is shown and in
 * which captions it is said.
 */
import { Random } from "../../base/random.ts";
import type { Modality } from "../../base/rows.ts";
import { byConcept, type SparseCodes } from "../../base/sparse-codes.ts";
import { bestDetector, rankCodes, type Detector } from "../../metrics/best-detector.ts";
import type { Caption } from "./caption.ts";
import type { Scene } from "./scene.ts";
import { factors, type Factor } from "./vocabulary.ts";

export interface FoundValue {
  readonly factor: Factor;
  readonly value: string;
  /** Null where the side never has it, or too rarely to judge. */
  readonly pictures: Detector | null;
  readonly captions: Detector | null;
}

export interface FactorScore {
  readonly factor: Factor;
  /** Values that pictures or captions have often enough to judge. */
  readonly values: number;
  /** Of these, values that a concept means, on either side: F1 of at least `meansFrom` on rows that did not choose it. */
  readonly found: number;
  /** Mean of the better F1 of both sides over the values. */
  readonly meanF1: number;
  /** The same of calling every row. */
  readonly chance: number;
}

export interface ScoredFactors {
  readonly values: readonly FoundValue[];
  readonly factors: readonly FactorScore[];
}

export const meansFrom = 0.5;
/** Rows that a side needs of a value to be judged on it. */
const fewestRows = 20;

type Answers = Partial<Readonly<Record<Factor, number>>> & {
  readonly second: number;
  readonly secondColour: number;
};

/** Row i of the image codes is scene i, row t of the text codes caption t. */
export function scoreFactors(
  scenes: readonly Scene[],
  captions: readonly Caption[],
  codes: Readonly<Record<Modality, SparseCodes>>,
  seed: number,
): ScoredFactors {
  const pictures = side(scenes, codes.image, Random.of(seed, "demo picture halves"));
  const texts = side(
    captions.map(({ said }) => said),
    codes.text,
    Random.of(seed, "demo caption halves"),
  );
  const values = (Object.keys(factors) as Factor[]).flatMap((factor) =>
    factors[factor].map(({ id }, answer): FoundValue => ({
      factor,
      value: id,
      pictures: pictures(factor, answer),
      captions: texts(factor, answer),
    })),
  );
  return { values, factors: (Object.keys(factors) as Factor[]).map((factor) => summed(factor, values)) };
}

function side(
  rows: readonly Answers[],
  codes: SparseCodes,
  random: Random,
): (factor: Factor, answer: number) => Detector | null {
  const ranked = rankCodes(byConcept(codes));
  const judging = Uint8Array.from(rows, () => random.integer(2));
  return (factor, answer) => {
    const has = Uint8Array.from(rows, (row) => (shows(row, factor, answer) ? 1 : 0));
    return has.reduce((sum, one) => sum + one, 0) < fewestRows ? null : bestDetector(ranked, has, judging);
  };
}

/** The second thing and its colour are there as well. */
function shows(row: Answers, factor: Factor, answer: number): boolean {
  if (row[factor] === answer) return true;
  if (factor === "thing") return row.second === answer;
  return factor === "colour" && row.secondColour === answer;
}

function summed(factor: Factor, values: readonly FoundValue[]): FactorScore {
  const judged = values
    .filter((value) => value.factor === factor)
    .map(({ pictures, captions }) => better(pictures, captions))
    .filter((detector) => detector !== null);
  const mean = (of: (detector: Detector) => number): number =>
    judged.reduce((sum, detector) => sum + of(detector), 0) / Math.max(1, judged.length);
  return {
    factor,
    values: judged.length,
    found: judged.filter(({ f1 }) => f1 >= meansFrom).length,
    meanF1: mean(({ f1 }) => f1),
    chance: mean(({ chance }) => chance),
  };
}

export function better(a: Detector | null, b: Detector | null): Detector | null {
  if (a === null || b === null) return a ?? b;
  return b.f1 > a.f1 ? b : a;
}
