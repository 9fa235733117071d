/** What colours the points: the modality score on its two-sided scale, any other column on a sequential one. */
import { columnFacts, withoutZeros, type ColumnFacts } from "../data/column-facts.ts";
import { scaleTicks, valueScale, type ValueScale } from "../data/value-scale.ts";
import { cssColour, modalityColour, type Rgb, type Theme } from "./modality-colours.ts";
import { sequentialColour } from "./sequential-colours.ts";

export interface Colouring {
  facts: ColumnFacts;
  values: Float64Array;
  /** Null when no concept has a value. */
  scale: ValueScale | null;
  colourOf: (value: number, theme: Theme) => Rgb;
}

/** Share of the values beyond each end of a scale: a few extreme ones must not take all the colours. */
const beyond = 0.01;

export function colouringBy(column: string, values: Float64Array): Colouring {
  const facts = columnFacts(column);
  const { spread, range } = facts;
  const scale = valueScale(values, { spread, ...(range === undefined ? { beyond } : { range }) });
  if (column === "modalityScore") return { facts, values, scale, colourOf: modalityColour };
  return {
    facts,
    values,
    scale,
    colourOf: (value, theme) =>
      sequentialColour(
        scale === null || (spread === "log" && value <= 0) ? NaN : scale.positionOf(value),
        theme,
      ),
  };
}

/** The scale as a CSS gradient, its low end on the left. */
export function colourGradient({ scale, colourOf }: Colouring, theme: Theme): string {
  if (scale === null) return "none";
  const stops = Array.from({ length: 17 }, (_, i) => cssColour(colourOf(scale.at(i / 16), theme)));
  return `linear-gradient(90deg, ${stops.join(", ")})`;
}

export interface LegendTick {
  /** 0 to 1. */
  position: number;
  text: string;
}

/** Ticks of the scale; the ends say where values lie beyond them. */
export function legendTicks({ scale, facts }: Colouring, count: number): LegendTick[] {
  if (scale === null) return [];
  return scaleTicks(scale, count).map((value) => ({
    position: scale.positionOf(value),
    text: withoutZeros(facts.say(value)),
  }));
}
