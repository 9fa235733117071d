import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearTicks, scaleTicks, valueScale } from "./value-scale.ts";

describe("a scale of values", () => {
  it("lays values out by their spread, and back", () => {
    for (const spread of ["linear", "log", "count"] as const) {
      fc.assert(
        fc.property(
          fc.array(fc.double({ min: 1e-4, max: 1e4, noNaN: true }), { minLength: 2 }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          (values, position) => {
            const scale = valueScale(values, { spread })!;
            fc.pre(scale.high > scale.low * (1 + 1e-6));
            expect(scale.positionOf(scale.at(position))).toBeCloseTo(position, 6);
          },
        ),
      );
    }
    expect(valueScale([1, 10, 100], { spread: "log" })!.positionOf(10)).toBeCloseTo(0.5, 12);
    expect(valueScale([0, 8], { spread: "count" })!.positionOf(2)).toBeCloseTo(0.5, 12);
  });

  it("puts what lies beyond at the ends and says that there is such", () => {
    const values = Array.from({ length: 101 }, (_, i) => i);
    const scale = valueScale(values, { spread: "linear", beyond: 0.1 })!;
    expect([scale.low, scale.high, scale.below, scale.above]).toEqual([10, 90, true, true]);
    expect(scale.positionOf(3)).toBe(0);
    expect(scale.positionOf(99)).toBe(1);
    expect(scale.positionOf(NaN)).toBeNaN();
    expect(valueScale(values, { spread: "linear", range: [0, 100] })).toMatchObject({
      below: false,
      above: false,
    });
  });

  it("is none without values, and has a middle where all are alike", () => {
    expect(valueScale([NaN, NaN], { spread: "linear" })).toBeNull();
    expect(valueScale([0, 0], { spread: "log" })).toBeNull();
    expect(valueScale([3, 3], { spread: "log" })!.positionOf(3)).toBe(0.5);
  });

  it("leaves zeros of a logarithm at its foot", () => {
    const scale = valueScale([0, 0.01, 1], { spread: "log" })!;
    expect(scale.low).toBe(0.01);
    expect(scale.positionOf(0)).toBe(0);
  });
});

describe("ticks", () => {
  it("are round and inside", () => {
    expect(linearTicks(0, 1, 4)).toEqual([0, 0.5, 1]);
    expect(linearTicks(0.13, 0.42, 3)).toEqual([0.2, 0.3, 0.4]);
    expect(scaleTicks(valueScale([0.001, 0.4], { spread: "log" })!, 4)).toEqual([0.001, 0.01, 0.1]);
    expect(scaleTicks(valueScale([2, 30], { spread: "log" })!, 5)).toEqual([2, 5, 10, 20]);
    expect(scaleTicks(valueScale([0, 900], { spread: "count" })!, 4)).toEqual([0, 1, 10, 100]);
    expect(scaleTicks(valueScale([1e-9, 1], { spread: "log" })!, 4)).toEqual([1e-9, 1e-6, 0.001, 1]);
  });

  it("never are more than asked for, nor none", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("linear" as const, "log" as const, "count" as const),
        fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
        fc.double({ min: 1.01, max: 1e6, noNaN: true }),
        fc.integer({ min: 3, max: 8 }),
        (spread, low, factor, count) => {
          const scale = valueScale([low, low * factor], { spread })!;
          const ticks = scaleTicks(scale, count);
          expect(ticks.length).toBeLessThanOrEqual(count + 1);
          ticks.forEach((tick) => {
            expect(tick).toBeGreaterThanOrEqual(scale.low * (1 - 1e-6));
            expect(tick).toBeLessThanOrEqual(scale.high * (1 + 1e-6));
          });
        },
      ),
    );
  });
});
