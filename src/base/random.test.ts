import { describe, expect, it } from "vitest";
import { Random } from "./random.ts";

describe("Random", () => {
  it("gives xoshiro128**'s published sequence", () => {
    // What the authors' C code prints for the seed words 1, 2, 3, 4.
    const random = Random.restore([1, 2, 3, 4]);
    const drawn = Array.from({ length: 10 }, () => random.uint32());
    expect(drawn).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it("continues from a saved state", () => {
    const random = Random.of(7, "batches");
    random.normal();
    const resumed = Random.restore(random.state());
    expect(Array.from({ length: 5 }, () => resumed.uniform())).toEqual(
      Array.from({ length: 5 }, () => random.uniform()),
    );
  });

  it("keeps streams of one seed apart", () => {
    const draw = (seed: number, purpose: string): number[] => {
      const random = Random.of(seed, purpose);
      return Array.from({ length: 4 }, () => random.uint32());
    };
    expect(draw(0, "split")).not.toEqual(draw(0, "batches"));
    expect(draw(0, "split")).not.toEqual(draw(1, "split"));
    expect(draw(2 ** 40, "split")).not.toEqual(draw(0, "split"));
  });

  it("permutes: every number once, and not in order", () => {
    const permutation = Random.of(3).permutation(1000);
    expect([...permutation].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(permutation[0] === 0 && permutation[1] === 1 && permutation[2] === 2).toBe(false);
  });

  it("draws integers evenly and normal numbers with the right moments", () => {
    const random = Random.of(11);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
    // Chi-squared with 6 degrees of freedom: 22.46 is the 99.9 % point.
    const chi = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(22.46);
    let mean = 0;
    let square = 0;
    for (let i = 0; i < 100_000; i++) {
      const z = random.normal();
      mean += z / 100_000;
      square += (z * z) / 100_000;
    }
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(Math.abs(square - 1)).toBeLessThan(0.03);
  });
});
