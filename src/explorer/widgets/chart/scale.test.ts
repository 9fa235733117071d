import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearScale, logScale } from "./scale.ts";

describe("scales", () => {
  it("map the ends of the domain to the ends of the range", () => {
    const linear = linearScale([-2, 6], [0, 80]);
    expect([linear(-2), linear(0), linear(6)]).toEqual([0, 20, 80]);
    const log = logScale([0.01, 100], [100, 0]);
    expect([log(0.01), log(1), log(100)].map(Math.round)).toEqual([100, 50, 0]);
    expect(linearScale([3, 3], [0, 80])(3)).toBe(40);
  });

  it.each([
    [[0, 1], 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [[0.03, 0.97], 3, [0.5]],
    [[0, 0.57], 3, [0, 0.2, 0.4]],
    [[-130, 260], 4, [-100, 0, 100, 200]],
    [[0, 7e-7], 4, [0, 2e-7, 4e-7, 6e-7]],
    [[4, 4], 5, [4]],
  ] as const)("ticks of %j, about %i: %j", (domain, count, ticks) =>
    expect(linearScale(domain, [0, 1]).ticks(count)).toEqual(ticks),
  );

  it.each([
    [[0.003, 40], 6, [0.01, 0.1, 1, 10]],
    [[1, 100], 9, [1, 2, 5, 10, 20, 50, 100]],
    [[1e-8, 1e4], 4, [1e-8, 1e-4, 1, 1e4]],
    [[12, 18], 3, [12, 14, 16, 18]],
  ] as const)("logarithmic ticks of %j, about %i: %j", (domain, count, ticks) =>
    expect(logScale(domain, [0, 1]).ticks(count)).toEqual(ticks),
  );

  it("never give ticks outside the domain, out of order, or far more than asked for", () => {
    const value = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.integer({ min: 1, max: 12 }), (a, b, count) => {
        const domain = [Math.min(a, b), Math.max(a, b)] as const;
        for (const make of [linearScale, logScale]) {
          const ticks = make(domain, [0, 1]).ticks(count);
          const slack = 1e-6 * domain[1];
          expect(ticks.every((tick) => tick >= domain[0] - slack && tick <= domain[1] + slack)).toBe(true);
          expect(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1])).toBe(true);
          expect(ticks.length).toBeLessThanOrEqual(Math.max(count + 1, 7));
        }
      }),
    );
  });
});
