import { describe, expect, it } from "vitest";
import { Random } from "../base/random.ts";
import { byConcept } from "../base/sparse-codes.ts";
import { bestDetector, rankCodes } from "./best-detector.ts";
import { randomCodes, sparse } from "./testing/codes.ts";

const halves = (rows: number): Uint8Array => Uint8Array.from({ length: rows }, (_, i) => i % 2);

describe("bestDetector", () => {
  it("chooses concept and threshold on one half and judges on the other, worked by hand", () => {
    // Rows 0, 2, 4, 6 choose, 1, 3, 5, 7 judge. Concept 0 is noise; concept 1 tells above 0.5, but for row 5.
    const has = Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0);
    const codes = sparse([0, 0.9, 0.7, 0.8, 0, 0.7, 0, 0.6, 0.9, 0.2, 0, 0.8, 0.3, 0, 0, 0], 2);
    const found = bestDetector(rankCodes(byConcept(codes)), has, halves(8));
    expect(found).toMatchObject({ concept: 1 });
    expect(found!.threshold).toBeCloseTo(0.7, 6);
    // Called among the judges: rows 1 and 5 (0.6 of row 3 is below); row 1 has it: F1 = 2·1/(2 + 2).
    expect(found!.f1).toBeCloseTo(0.5, 6);
    expect(found!.chance).toBeCloseTo((2 * 2) / (4 + 2), 6);
  });

  it("finds a planted detector, and nothing better than chance in noise", () => {
    const random = Random.of(1, "detector");
    const rows = 2000;
    const has = Uint8Array.from({ length: rows }, () => (random.uniform() < 0.1 ? 1 : 0));
    const noise = randomCodes(random, rows, 30, 0.2);
    const lone = bestDetector(rankCodes(byConcept(noise)), has, halves(rows))!;
    expect(lone.f1).toBeLessThan(lone.chance + 0.05);
    const dense = Array.from({ length: rows }, (_, i) => (has[i] === 1 ? 1 : 0)).flatMap((value) => [
      0,
      value,
    ]);
    const told = bestDetector(rankCodes(byConcept(sparse(dense, 2))), has, halves(rows))!;
    expect(told).toMatchObject({ concept: 1, f1: 1 });
  });

  it("is none where a half has no such row", () => {
    const codes = rankCodes(byConcept(sparse([1, 1, 1, 1], 1)));
    expect(bestDetector(codes, Uint8Array.of(1, 0, 1, 0), halves(4))).toBeNull();
    expect(bestDetector(codes, new Uint8Array(4), halves(4))).toBeNull();
  });
});
