/** A small histogram with a handle at one or both ends: what is outside is filtered away. */
import "./range-brush.css";
import type { JSX } from "preact";

interface RangeBrushProps {
  label: string;
  /** Heights of the bars, 0 to 1. */
  bars: readonly number[];
  colour: (position: number) => string;
  /** Positions of the handles, 0 to 1. */
  low: number;
  high: number;
  /** Whether the upper end can be moved. */
  both: boolean;
  /** What a position means, for screen readers. */
  say: (position: number) => string;
  onChange: (low: number, high: number) => void;
}

const height = 36;
const steps = 200;

export function RangeBrush(props: RangeBrushProps): JSX.Element {
  const { bars, low, high } = props;
  const handle = (end: "low" | "high") => (
    <input
      type="range"
      class={`brush-${end}`}
      min={0}
      max={steps}
      step={1}
      value={Math.round((end === "low" ? low : high) * steps)}
      aria-label={`${props.label}, ${end === "low" ? "least" : "greatest"}`}
      aria-valuetext={props.say(end === "low" ? low : high)}
      onInput={(event) => {
        const position = Number(event.currentTarget.value) / steps;
        const next = end === "low" ? [Math.min(position, high), high] : [low, Math.max(position, low)];
        props.onChange(next[0]!, next[1]!);
      }}
    />
  );
  return (
    <div class="brush">
      <svg viewBox={`0 0 ${bars.length} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map((bar, i) => {
          const position = (i + 0.5) / bars.length;
          const tall = bar > 0 ? Math.max(1, bar * height) : 0;
          return (
            <rect
              key={i}
              class={position < low || position > high ? "brush-out" : undefined}
              x={i + 0.08}
              y={height - tall}
              width={0.84}
              height={tall}
              fill={props.colour(position)}
            />
          );
        })}
      </svg>
      <div class="brush-track">
        {handle("low")}
        {props.both && handle("high")}
      </div>
    </div>
  );
}
