import { expect, it } from "vitest";
import { axisNumbers } from "./axis.tsx";
import { linearScale } from "./scale.ts";

it.each([
  [[0.87, 0.875, 0.88, 0.885], "0.87 0.875 0.88 0.885"],
  [[0, 0.5, 1], "0 0.5 1"],
  [[12, 14, 16], "12 14 16"],
  [[1000, 2000], "1,000 2,000"],
  [[0.00001, 0.0001], "1.0×10⁻⁵ 0.0001"],
  [[3], "3"],
  [[], ""],
] as const)("numbers of an axis with ticks at %j", (ticks, text) => {
  expect(axisNumbers(ticks).join(" ")).toBe(text);
});

it("are never alike", () => {
  for (let low = -3; low < 3; low += 0.37) {
    for (const width of [1e-3, 0.02, 0.5, 7, 400]) {
      const texts = axisNumbers(linearScale([low, low + width], [0, 1]).ticks(5));
      expect(new Set(texts).size).toBe(texts.length);
    }
  }
});
