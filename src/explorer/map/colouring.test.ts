import { describe, expect, it } from "vitest";
import { colouringBy, legendTicks } from "./colouring.ts";
import { modalityColour, withoutScore, type Rgb } from "./modality-colours.ts";
import { sequentialColour } from "./sequential-colours.ts";

/** Relative luminance (WCAG 2). */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe("colours of a column", () => {
  it("run one way in lightness, so that any eye can order them", () => {
    for (const theme of ["light", "dark"] as const) {
      const steps = Array.from({ length: 21 }, (_, i) => luminance(sequentialColour(i / 20, theme)));
      steps.slice(1).forEach((step, i) => {
        expect(theme === "light" ? steps[i] - step : step - steps[i]).toBeGreaterThan(0);
      });
    }
  });

  it("are those of the modality score for it, and grey without a value", () => {
    const modality = colouringBy("modalityScore", Float64Array.of(0.2, 0.8));
    expect(modality.colourOf(0.9, "light")).toEqual(modalityColour(0.9, "light"));
    const energy = colouringBy("energy", Float64Array.of(0.001, 0.1, 0));
    expect(energy.colourOf(0, "dark")).toEqual(withoutScore.dark);
    expect(energy.colourOf(NaN, "dark")).toEqual(withoutScore.dark);
    expect(energy.colourOf(0.1, "dark")).toEqual(sequentialColour(1, "dark"));
    const empty = colouringBy("stability", Float64Array.of(NaN, NaN));
    expect(empty.scale).toBeNull();
    expect(empty.colourOf(0.3, "light")).toEqual(withoutScore.light);
    expect(legendTicks(empty, 3)).toEqual([]);
  });

  it("have ticks in the column's own words", () => {
    const frequency = colouringBy("frequency", Float64Array.of(0.001, 0.1));
    expect(legendTicks(frequency, 3).map(({ text }) => text)).toEqual(["0.1%", "1%", "10%"]);
  });
});
