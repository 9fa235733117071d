import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createReferenceBackend } from "../kernels/reference/backend.ts";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { conceptActivity, mergeActivity } from "./concept-activity.ts";
import {
  energy,
  energyBalanced,
  energyByAtomNorm,
  energyPooled,
  energySquared,
  frequency,
} from "./energy.ts";
import { interference } from "./interference.ts";
import { modalityHistogram, modalityScore } from "./modality-score.ts";
import {
  absorbMonosemanticity,
  addMonosemanticity,
  monosemanticity,
  monosemanticitySums,
} from "./monosemanticity.ts";
import { normalTail } from "./normal-tail.ts";
import {
  addReconstruction,
  mergeReconstruction,
  reconstructionMetrics,
  reconstructionSums,
} from "./reconstruction.ts";
import { codeSparsity, hoyer, kappa4 } from "./sparsity.ts";
import { dictionaryRanks } from "./spectrum.ts";
import { matchAtoms } from "./stability.ts";
import { sparse } from "./testing/codes.ts";
import { wasserstein1d } from "./wasserstein.ts";
import { assign } from "../linalg/linear-assignment.ts";

interface Reference {
  rows: number;
  dimension: number;
  concepts: number;
  x: number[];
  atoms: number[];
  other: number[];
  codes: number[];
  bias: number[];
  r2: number;
  r2ScalarMean: number;
  activePerSample: number;
  deadFraction: number;
  cosine: number;
  hoyer: number[];
  kappa4: number[];
  energyByAtomNorm: number[];
  cosineHungarianLoss: number;
  wasserstein: number;
  coherence: number;
  stableRank: number;
  effectiveRank: number;
  connectivity: number;
  negativeInterference: number;
  monosemanticity: (number | null)[];
  pValues: number[];
  qValues: number[];
  normalTail: { z: number[]; p: number[] };
}
const file = join(import.meta.dirname, "../../test/fixtures/measures/metrics.json");
const known = JSON.parse(readFileSync(file, "utf8")) as Reference;
const { rows, dimension, concepts } = known;
const x = Float32Array.from(known.x);
const atoms = Float32Array.from(known.atoms);
const bias = Float32Array.from(known.bias);
const codes = sparse(Float32Array.from(known.codes), concepts);

const r2Of = (sums: ReturnType<typeof reconstructionSums>): number => Number(reconstructionMetrics(sums).r2);
const sumsOf = (from: number, to: number): ReturnType<typeof reconstructionSums> => {
  const sums = reconstructionSums(dimension, concepts);
  addReconstruction(sums, x.subarray(from * dimension, to * dimension), to - from, codes, from, atoms, bias);
  return sums;
};

describe("reconstruction and sparsity", () => {
  it("equal overcomplete and numpy over the whole set", () => {
    const found = reconstructionMetrics(sumsOf(0, rows));
    expect(found.r2).toBeCloseTo(known.r2, 5);
    expect(found.r2ScalarMean).toBeCloseTo(known.r2ScalarMean, 5);
    expect(found.fvu).toBeCloseTo(1 - known.r2, 5);
    expect(found.cosine).toBeCloseTo(known.cosine, 5);
    expect(found.activePerSample).toBeCloseTo(known.activePerSample, 6);
    expect(found.deadFraction).toBeCloseTo(known.deadFraction, 6);
  });

  it("merge over shards to the same numbers, which no mean of shards would be", () => {
    const whole = reconstructionMetrics(sumsOf(0, rows));
    const parts = [sumsOf(0, 7), sumsOf(7, 8), sumsOf(8, rows)];
    const merged = reconstructionMetrics(parts.reduce(mergeReconstruction));
    for (const key of Object.keys(whole) as (keyof typeof whole)[])
      expect(merged[key]).toBeCloseTo(Number(whole[key]), 10);
    const averaged = (r2Of(parts[0]) + r2Of(parts[2])) / 2;
    expect(Math.abs(averaged - r2Of(sumsOf(0, rows)))).toBeGreaterThan(1e-4);
  });

  it("leave r2 and fvu out where the rows do not vary, r2ScalarMean where the entries do not", () => {
    const twoConcepts = sparse([1, 1, 0, 2, 1, 1], 2);
    const of = (values: number[], d: number) => {
      const sums = reconstructionSums(d, 2);
      const count = values.length / d;
      addReconstruction(
        sums,
        Float32Array.from(values),
        count,
        twoConcepts,
        0,
        new Float32Array(2 * d),
        bias,
      );
      return reconstructionMetrics(sums);
    };
    const undefinedR2 = { r2: null, fvu: null };
    const one = of([0.1, 0.7, -0.3], 3);
    expect(one).toMatchObject({ rows: 1, ...undefinedR2 });
    expect(one.r2ScalarMean).not.toBeNull();
    // 0.123 and 0.77 are no float32 numbers: the sums leave rounding, not variance.
    expect(of([0.1, 0.123, 0.77, 0.1, 0.123, 0.77, 0.1, 0.123, 0.77], 3)).toMatchObject(undefinedR2);
    expect(of([0.1, 0.1, 0.1, 0.1], 2)).toMatchObject({ ...undefinedR2, r2ScalarMean: null });
    expect(of([], 3)).toMatchObject({ rows: 0, ...undefinedR2, r2ScalarMean: null });
  });

  it("give overcomplete's golden r2ScalarMean of 0.9", () => {
    const sums = reconstructionSums(2, 2);
    const identity = Float32Array.of(1, 0, 0, 1);
    addReconstruction(
      sums,
      Float32Array.of(1, 2, 3, 4),
      2,
      sparse([1, 1.5, 3, 3.5], 2),
      0,
      identity,
      undefined,
    );
    expect(reconstructionMetrics(sums).r2ScalarMean).toBeCloseTo(0.9, 5);
  });
});

describe("concepts", () => {
  it("have overcomplete's energy, also the golden [√5/2, 2.5]", () => {
    const found = energyByAtomNorm(energy(conceptActivity(codes)), Float32Array.from(known.other), dimension);
    known.energyByAtomNorm.forEach((value, j) => expect(found[j]).toBeCloseTo(value, 5));
    const golden = energyByAtomNorm(
      energy(conceptActivity(sparse([1, 0, 0, 1], 2))),
      Float32Array.of(1, 2, 3, 4),
      2,
    );
    expect(golden[0]).toBeCloseTo(Math.sqrt(5) / 2, 12);
    expect(golden[1]).toBeCloseTo(2.5, 12);
  });

  it("count as the definitions say", () => {
    const image = conceptActivity(sparse([1, 0, 3, 0, 2, 0], 2));
    const text = conceptActivity(sparse([0, 4], 2));
    expect([...energyPooled(image, text)]).toEqual([1.5, 1]);
    expect([...energyBalanced(image, text)]).toEqual([1, 2]);
    expect([...energySquared(mergeActivity(image, text))]).toEqual([3.5, 4]);
    expect([...frequency(image)]).toEqual([1, 0]);
    expect([...image.minimum]).toEqual([1, 0]);
  });

  it("score 1 for images only, 0 for texts only, ½ for equal use, none when never active", () => {
    const image = sparse([2, 0, 1, 0, 4, 0, 3, 0], 4);
    const text = sparse([0, 3, 1, 0, 0, 5, 3, 0], 4);
    const score = modalityScore(conceptActivity(image), conceptActivity(text));
    expect([...score]).toEqual([1, 0, 0.5, NaN]);
    const doubled = sparse([2, 0, 1, 0, 4, 0, 3, 0, 2, 0, 1, 0, 4, 0, 3, 0], 4);
    expect([...modalityScore(conceptActivity(doubled), conceptActivity(text))]).toEqual([...score]);
    expect([...modalityHistogram(score, undefined, 4)]).toEqual([1, 0, 1, 1]);
    expect([...modalityHistogram(score, Float64Array.of(5, 6, 7, 8), 4)]).toEqual([6, 0, 7, 5]);
  });

  it("are as monosemantic as the mean over all pairs of rows says", () => {
    const sums = monosemanticitySums(dimension, concepts);
    addMonosemanticity(sums, x.subarray(0, 11 * dimension), 11, codes, 0);
    const rest = monosemanticitySums(dimension, concepts);
    addMonosemanticity(rest, x.subarray(11 * dimension), rows - 11, codes, 11);
    const found = monosemanticity(absorbMonosemanticity(sums, rest), conceptActivity(codes));
    known.monosemanticity.forEach((value, j) =>
      value === null ? expect(found[j]).toBeNaN() : expect(found[j]).toBeCloseTo(value, 5),
    );
  });

  it("are min-max scaled first when they are active everywhere", () => {
    // ã = [0, 1, 1]: only the last two rows count, and they agree.
    const dense = sparse([1, 3, 3], 1);
    const sums = monosemanticitySums(2, 1);
    addMonosemanticity(sums, Float32Array.of(0, 1, 2, 0, 5, 0), 3, dense, 0);
    expect(monosemanticity(sums, conceptActivity(dense))[0]).toBeCloseTo(1, 12);
  });
});

describe("geometry", () => {
  it("equals numpy and overcomplete", async () => {
    const found = await interference(createReferenceBackend(), codes, atoms, dimension);
    expect(found.coherence).toBeCloseTo(known.coherence, 5);
    expect(found.connectivity).toBeCloseTo(known.connectivity, 12);
    expect(found.negativeInterference).toBeCloseTo(known.negativeInterference, 4);
    expect(found.negativeInterferencePerSample).toBeCloseTo(known.negativeInterference / rows, 5);
    const ranks = dictionaryRanks(atoms, concepts, dimension);
    expect(ranks.stableRank).toBeCloseTo(known.stableRank, 6);
    expect(ranks.effectiveRank).toBeCloseTo(known.effectiveRank, 6);
  });

  it("has overcomplete's Hoyer and kappa-4, golden values included", () => {
    const active = known.hoyer.filter((_, i) => codes.rowStart[i + 1] > codes.rowStart[i]);
    const kappas = known.kappa4.filter((_, i) => codes.rowStart[i + 1] > codes.rowStart[i]);
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    expect(codeSparsity(codes).hoyer).toBeCloseTo(mean(active), 5);
    // overcomplete adds 1e-6 to the denominator.
    expect(Math.abs(codeSparsity(codes).kappa4 - mean(kappas))).toBeLessThan(2e-4);
    expect(hoyer([1, 0, 0])).toBeCloseTo(1, 12);
    expect(hoyer([1, 1, 1])).toBeCloseTo(0, 12);
    expect([kappa4([1, 1]), kappa4([1, 0])]).toEqual([0.5, 1]);
  });

  it("has overcomplete's Wasserstein distance, golden value included", () => {
    const turned = Float32Array.from({ length: x.length }, (_, e) => {
      const row = rows - 1 - Math.floor(e / dimension);
      return x[row * dimension + (e % dimension)] * 1.5 + 0.1;
    });
    expect(wasserstein1d(x, turned, dimension)).toBeCloseTo(known.wasserstein, 5);
    expect(wasserstein1d(Float32Array.of(1, 2, 1, 2), Float32Array.of(2, 3, 2, 3), 2)).toBe(1);
  });
});

describe("matching and testing", () => {
  it("is 1 − cosine_hungarian_loss/c of overcomplete", async () => {
    const a = { concepts, dimension, atoms };
    const b = { concepts, dimension, atoms: Float32Array.from(known.other) };
    const { stability } = await matchAtoms(createReferenceBackend(), a, b);
    expect(stability).toBeCloseTo(1 - known.cosineHungarianLoss / concepts, 5);
  });

  it("gives overcomplete's golden Hungarian loss of 1 with distances as costs", () => {
    const one = [
      [1, 2],
      [3, 4],
    ];
    const two = [
      [1, 2],
      [2, 4],
    ];
    const cost = one.flatMap((p) => two.map((q) => Math.hypot(p[0] - q[0], p[1] - q[1])));
    expect(assign(Float64Array.from(cost), 2, 2).total).toBe(1);
  });

  it("has scipy's q-values and normal tail", () => {
    const q = benjaminiHochberg(Float64Array.from(known.pValues));
    known.qValues.forEach((value, e) => expect(q[e]).toBeCloseTo(value, 8));
    const padded = [...known.pValues, ...Array.from({ length: 30 }, () => 1)];
    const all = benjaminiHochberg(Float64Array.from(padded));
    const counted = benjaminiHochberg(Float64Array.from(known.pValues), padded.length);
    counted.forEach((value, e) => expect(value).toBeCloseTo(all[e], 12));
    known.normalTail.z.forEach((z, e) => {
      const expected = known.normalTail.p[e];
      expect(Math.abs(normalTail(z) - expected)).toBeLessThan(3e-7 * expected);
    });
  });
});
