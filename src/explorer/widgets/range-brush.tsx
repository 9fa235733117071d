/** A small histogram with a handle at one or both ends: what is outside is filtered away. */
import "./range-brush.css";
import type { ComponentChildren, JSX } from "preact";
import type { Table } from "../stores/csv-text.ts";
import { ChartFrame } from "./chart/chart-frame.tsx";
import { Bars } from "./chart/marks.tsx";
import type { DefinitionKey } from "./definitions.ts";

export interface BrushBar {
  /** 0 to 1. */
  height: number;
  title: string;
}

interface RangeBrushProps {
  label: string;
  term: DefinitionKey;
  /** The range in words, at the right of the label. */
  note: ComponentChildren;
  bars: readonly BrushBar[];
  /** Null until there are bars. */
  table: (() => Table) | null;
  fileName: string;
  colour: (position: number) => string;
  /** Positions of the handles, 0 to 1. */
  low: number;
  high: number;
  /** Whether the upper end can be moved. */
  both: boolean;
  /** What a position means, for screen readers. */
  say: (position: number) => string;
  onChange: (low: number, high: number) => void;
  /** Below the handles: what the ends mean. */
  children?: ComponentChildren;
}

const height = 30;
const steps = 200;

export function RangeBrush(props: RangeBrushProps): JSX.Element {
  const { label, bars, low, high, say } = props;
  const handle = (end: "low" | "high") => (
    <input
      type="range"
      class={`brush-${end}`}
      min={0}
      max={steps}
      step={1}
      value={Math.round((end === "low" ? low : high) * steps)}
      aria-label={`${label}, ${end === "low" ? "least" : "greatest"}`}
      aria-valuetext={say(end === "low" ? low : high)}
      onInput={(event) => {
        const position = Number(event.currentTarget.value) / steps;
        const next = end === "low" ? [Math.min(position, high), high] : [low, Math.max(position, low)];
        props.onChange(next[0]!, next[1]!);
      }}
    />
  );
  return (
    <ChartFrame
      title={label}
      term={props.term}
      summary={`Histogram of the concepts, ${say(0)} to ${say(1)}; chosen: ${say(low)} to ${say(high)}.`}
      table={props.table}
      fileName={props.fileName}
      height={height}
      size="small"
      note={props.note}
      draw={({ width }) => (
        <Bars
          bars={bars.map((bar, i) => {
            const position = (i + 0.5) / bars.length;
            return {
              x: ((i + 0.08) / bars.length) * width,
              width: (0.84 / bars.length) * width,
              from: height,
              to: height - bar.height * height,
              title: bar.title,
              fill: props.colour(position),
              faint: position < low || position > high,
            };
          })}
        />
      )}
    >
      <div class="brush-track">
        {handle("low")}
        {props.both && handle("high")}
      </div>
      {props.children}
    </ChartFrame>
  );
}
