/**
 * A small histogram with a handle at either end: what is outside is filtered away. Dragging across
 * it chooses a range, a click on it takes the range away. Pale bars are all, full ones what is left.
 */
import "./range-brush.css";
import type { ComponentChildren, JSX, TargetedPointerEvent } from "preact";
import { useRef } from "preact/hooks";
import type { Table } from "../stores/csv-text.ts";
import { ChartFrame } from "./chart/chart-frame.tsx";
import { Bars } from "./chart/marks.tsx";
import type { DefinitionKey } from "./definitions.ts";

export interface BrushBar {
  /** Of all and of what is left, 0 to 1. */
  height: number;
  left: number;
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
  /** What a position means, for screen readers. */
  say: (position: number) => string;
  onChange: (low: number, high: number) => void;
  /** Below the handles: what the ends mean. */
  children?: ComponentChildren;
}

const height = 30;
const steps = 200;
/** Share of the width that a hand trembles. */
const still = 0.02;

export function RangeBrush(props: RangeBrushProps): JSX.Element {
  const { label, bars, low, high, say, onChange } = props;
  const anchor = useRef<number | null>(null);
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
        onChange(next[0]!, next[1]!);
      }}
    />
  );
  const placeOf = (event: TargetedPointerEvent<SVGRectElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const place = Math.min(1, Math.max(0, (event.clientX - left) / width));
    return Math.round(place * steps) / steps;
  };
  const area = (width: number): JSX.Element => (
    <rect
      class="brush-area"
      width={width}
      height={height}
      fill="transparent"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        anchor.current = placeOf(event);
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        const from = anchor.current;
        if (from === null) return;
        const to = placeOf(event);
        if (Math.abs(to - from) > still) onChange(Math.min(from, to), Math.max(from, to));
      }}
      onPointerUp={(event) => {
        const from = anchor.current;
        anchor.current = null;
        if (from !== null && Math.abs(placeOf(event) - from) <= still) onChange(0, 1);
      }}
      onPointerCancel={() => (anchor.current = null)}
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
      draw={({ width }) => {
        const bar = (of: "height" | "left", faint: boolean) =>
          bars.map((one, i) => ({
            x: ((i + 0.08) / bars.length) * width,
            width: (0.84 / bars.length) * width,
            from: height,
            to: height - one[of] * height,
            title: one.title,
            fill: props.colour((i + 0.5) / bars.length),
            faint,
          }));
        return (
          <>
            <Bars bars={bar("height", true)} />
            <Bars bars={bar("left", false)} />
            {bars.length > 0 && area(width)}
          </>
        );
      }}
    >
      <div class="brush-track">
        <span class="brush-span" style={{ left: `${100 * low}%`, right: `${100 * (1 - high)}%` }} />
        {handle("low")}
        {handle("high")}
      </div>
      {props.children}
    </ChartFrame>
  );
}
