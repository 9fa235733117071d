/** Activations of one concept: pictures above the line, captions below, as shares of their active rows. */
import type { JSX } from "preact";
import type { ActivationHistogram } from "../data/dictionary-tables.ts";
import { axisNumbers } from "./chart/axis.tsx";
import { ChartFrame } from "./chart/chart-frame.tsx";
import { Bars, type Bar } from "./chart/marks.tsx";
import { linearScale } from "./chart/scale.ts";
import "./mirrored-histogram.css";
import { count, percent, significant } from "./number-text.ts";

const height = 190;
const side = 20;
const axis = 18;

interface MirroredHistogramProps {
  /** Null until it has been read: the place is there before it. */
  histogram: ActivationHistogram | null;
  /** Active rows of either side. */
  active: { image: number; text: number };
  fileName: string;
}

export function MirroredHistogram({ histogram, active, fileName }: MirroredHistogramProps): JSX.Element {
  return (
    <ChartFrame
      title="Activations"
      term="activation"
      summary={
        histogram === null
          ? "Not read yet."
          : `Histogram from 0 to ${significant(histogram.upper)}, pictures above, captions below, as shares of their active rows: ${count(active.image)} pictures, ${count(active.text)} captions.`
      }
      table={histogram === null ? null : () => tableOf(histogram)}
      fileName={fileName}
      height={height}
      draw={({ width }) => (
        <>
          <text class="histogram-side side-image" x={0} y={12}>
            pictures, {count(active.image)} active
          </text>
          {histogram !== null && <Halves histogram={histogram} width={width} />}
          <text class="histogram-side side-text" x={0} y={height - 4}>
            captions, {count(active.text)} active
          </text>
        </>
      )}
    />
  );
}

function Halves({ histogram, width }: { histogram: ActivationHistogram; width: number }): JSX.Element {
  const image = shares(histogram.image);
  const text = shares(histogram.text);
  const greatest = Math.max(...image, ...text, 1e-12);
  const bins = Math.max(image.length, text.length, 1);
  const step = width / bins;
  const half = (height - 2 * side - axis) / 2;
  const above = side + half;
  const below = above + axis;
  const scale = linearScale([0, histogram.upper], [0, width]);
  const bar = (share: number, bin: number, from: number, to: number, rows: string): Bar => ({
    x: bin * step + 0.5,
    width: step - 1,
    from,
    to: from + (share / greatest) * (to - from),
    title: `${rows} with activation ${bound(histogram, bins, bin)} to ${bound(histogram, bins, bin + 1)}: ${percent(share)} of the active ones`,
  });
  return (
    <>
      <Bars tone="image" bars={image.map((share, bin) => bar(share, bin, above, side, "Pictures"))} />
      <Bars tone="text" bars={text.map((share, bin) => bar(share, bin, below, height - side, "Captions"))} />
      <g class="axis" aria-hidden="true">
        {scale.ticks(4).map((tick, i, ticks) => (
          <text
            key={tick}
            x={scale(tick)}
            y={above + 13}
            text-anchor={tick === 0 ? "start" : scale(tick) > width - 12 ? "end" : "middle"}
          >
            {axisNumbers(ticks)[i]}
          </text>
        ))}
      </g>
    </>
  );
}

function tableOf(histogram: ActivationHistogram): { columns: string[]; rows: number[][] } {
  const bins = Math.max(histogram.image.length, histogram.text.length);
  return {
    columns: ["activation from", "to", "pictures", "captions"],
    rows: Array.from({ length: bins }, (_, bin) => [
      (bin / bins) * histogram.upper,
      ((bin + 1) / bins) * histogram.upper,
      histogram.image[bin] ?? 0,
      histogram.text[bin] ?? 0,
    ]),
  };
}

function bound({ upper }: ActivationHistogram, bins: number, bin: number): string {
  return significant((bin / bins) * upper, 2);
}

function shares(counts: Float64Array): number[] {
  const sum = counts.reduce((total, value) => total + value, 0);
  return Array.from(counts, (value) => (sum > 0 ? value / sum : 0));
}
