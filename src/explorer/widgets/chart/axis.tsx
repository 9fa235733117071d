/** The axes of a chart: a line of round numbers below or on the left, with what they count. */
import "./axis.css";
import type { JSX } from "preact";
import { significant } from "../number-text.ts";
import type { Scale } from "./scale.ts";

interface AxisProps {
  scale: Scale;
  /** The line's own place: y of a horizontal axis, x of a vertical one. */
  at: number;
  /** About how many numbers. */
  count?: number;
  format?: (value: number) => string;
  label?: string;
  /** Length of grid lines across the plot; 0: none. */
  grid?: number;
}

export function AxisBelow({ scale, at, count = 5, format, label, grid = 0 }: AxisProps): JSX.Element {
  const [from, to] = scale.range;
  const ticks = scale.ticks(count);
  const texts = format === undefined ? axisNumbers(ticks) : ticks.map(format);
  return (
    <g class="axis" aria-hidden="true">
      {ticks.map((tick, i) => (
        <g key={tick}>
          {grid > 0 && <line class="axis-grid" x1={scale(tick)} x2={scale(tick)} y1={at} y2={at - grid} />}
          <line class="axis-tick" x1={scale(tick)} x2={scale(tick)} y1={at} y2={at + 4} />
          <text x={scale(tick)} y={at + 15} text-anchor={anchor(scale(tick), from, to)}>
            {texts[i]}
          </text>
        </g>
      ))}
      <line class="axis-line" x1={from} x2={to} y1={at} y2={at} />
      {label !== undefined && (
        <text class="axis-label" x={to} y={at + 30} text-anchor="end">
          {label}
        </text>
      )}
    </g>
  );
}

export function AxisLeft({ scale, at, count = 4, format, label, grid = 0 }: AxisProps): JSX.Element {
  const top = Math.min(...scale.range);
  const ticks = scale.ticks(count);
  const texts = format === undefined ? axisNumbers(ticks) : ticks.map(format);
  return (
    <g class="axis" aria-hidden="true">
      {ticks.map((tick, i) => (
        <g key={tick}>
          {grid > 0 && <line class="axis-grid" x1={at} x2={at + grid} y1={scale(tick)} y2={scale(tick)} />}
          <text x={at - 6} y={scale(tick)} dy="0.32em" text-anchor="end">
            {texts[i]}
          </text>
        </g>
      ))}
      {label !== undefined && (
        <text class="axis-label" x={at} y={top - 8} text-anchor="start">
          {label}
        </text>
      )}
    </g>
  );
}

/** As short as they can be and still be what the lines stand for: 0.5, 20, 10⁻⁴; 0.87, 0.875, 0.88. */
export function axisNumbers(ticks: readonly number[]): string[] {
  const gap = Math.min(...ticks.slice(1).map((tick, i) => Math.abs(tick - ticks[i]!)));
  const digits = [2, 3, 4, 5, 6].find((number) =>
    ticks.every((tick) => !(Math.abs(Number(tick.toPrecision(number)) - tick) > 1e-6 * gap)),
  );
  return ticks.map((tick) => (tick === 0 ? "0" : trimmedZeros(significant(tick, digits ?? 7))));
}

function trimmedZeros(text: string): string {
  return text.includes(".") && !text.includes("×") ? text.replace(/\.?0+$/, "") : text;
}

/** Numbers at the ends of the axis stay inside the drawing. */
function anchor(x: number, from: number, to: number): "start" | "middle" | "end" {
  if (x - from < 8) return "start";
  return to - x < 8 ? "end" : "middle";
}
