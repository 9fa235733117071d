import { describe, expect, it } from "vitest";
import { Random } from "../base/random.ts";
import { conceptActivity } from "./concept-activity.ts";
import { modalityInterval } from "./modality-interval.ts";
import { modalityScore } from "./modality-score.ts";
import { sparse } from "./testing/codes.ts";

/** Rows of one concept, active with probability `share`, activations uniform in (0, 2·mean). */
function draws(random: Random, rows: number, share: number, mean: number) {
  const values = Array.from({ length: rows }, () =>
    random.uniform() < share ? 2 * mean * random.uniform() : 0,
  );
  return conceptActivity(sparse(values, 1));
}

describe("modalityInterval", () => {
  it.each([
    { image: 0.2, text: 0.1 },
    { image: 0.05, text: 0.3 },
    { image: 0.4, text: 0.4 },
  ])("holds the true score in about 95 of 100 samples ($image, $text)", ({ image, text }) => {
    const random = Random.of(11, `interval ${image} ${text}`);
    const truth = image / (image + 2 * text);
    const trials = 1500;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = modalityInterval(draws(random, 500, image, 1), draws(random, 400, text, 2));
      if (low[0] <= truth && truth <= high[0]) held++;
    }
    expect(held / trials).toBeGreaterThan(0.93);
    expect(held / trials).toBeLessThan(0.97);
  });

  it("holds the score itself, and narrows with the square root of the rows", () => {
    const random = Random.of(3, "interval");
    const [image, text] = [draws(random, 1000, 0.3, 1), draws(random, 1000, 0.2, 1)];
    const [score] = modalityScore(image, text);
    const { low, high } = modalityInterval(image, text);
    expect(low[0]).toBeLessThan(score);
    expect(high[0]).toBeGreaterThan(score);
    const fourfold = (a: typeof image) => ({
      ...a,
      rows: 4 * a.rows,
      sum: a.sum.map((v) => 4 * v),
      squares: a.squares.map((v) => 4 * v),
      active: a.active.map((v) => 4 * v),
    });
    const narrow = modalityInterval(fourfold(image), fourfold(text));
    expect((high[0] - low[0]) / (narrow.high[0] - narrow.low[0])).toBeCloseTo(2, 1);
  });

  it("does not call a concept of few rows certain to be of one modality", () => {
    const one = (value: number, rows: number) =>
      conceptActivity(sparse([value, ...Array.from({ length: rows - 1 }, () => 0)], 1));
    const rare = modalityInterval(one(1, 100), one(0, 100));
    expect(rare.high[0]).toBe(1);
    // One of 100 images, none of 100 texts, where up to 3 in 100 may have it.
    expect(rare.low[0]).toBeLessThan(0.25);
    const texts = modalityInterval(one(0, 100), one(1, 100));
    expect(texts.low[0]).toBe(0);
    expect(texts.high[0]).toBeCloseTo(1 - rare.low[0], 12);
  });

  it("is none where there is no score", () => {
    const none = conceptActivity(sparse([0, 0], 1));
    expect(modalityInterval(none, none).low[0]).toBeNaN();
    expect(modalityInterval(conceptActivity(sparse([], 1)), none).low[0]).toBeNaN();
  });
});
