/** Activations of one concept: pictures above the line, captions below, as shares of their active rows. */
import "./mirrored-histogram.css";
import type { JSX } from "preact";
import type { ActivationHistogram } from "../data/dictionary-tables.ts";
import { percent, significant } from "./number-text.ts";

const width = 360;
const half = 62;
const axis = 16;

export function MirroredHistogram({ histogram }: { histogram: ActivationHistogram }): JSX.Element {
  const image = shares(histogram.image);
  const text = shares(histogram.text);
  const greatest = Math.max(...image, ...text, 1e-12);
  const bins = Math.max(image.length, text.length, 1);
  const step = width / bins;
  const bar = (share: number, bin: number, side: "image" | "text") => {
    if (!(share > 0)) return null;
    const height = Math.max(1, (share / greatest) * half);
    const y = side === "image" ? half - height : half + axis;
    const from = significant((bin / bins) * histogram.upper, 2);
    const to = significant(((bin + 1) / bins) * histogram.upper, 2);
    return (
      <rect
        class={`bar-${side}`}
        x={bin * step + 0.5}
        y={y}
        width={Math.max(0.5, step - 1)}
        height={height}
        rx="1"
      >
        <title>{`${side === "image" ? "Pictures" : "Captions"} with activation ${from} to ${to}: ${percent(share)} of the active ones`}</title>
      </rect>
    );
  };
  const labels = [0, 0.5, 1];
  return (
    <svg
      class="mirrored-histogram"
      viewBox={`0 0 ${width} ${2 * half + axis}`}
      role="img"
      aria-label={`Histogram of activations, as shares of the active rows, from 0 to ${significant(histogram.upper)}, pictures above, captions below`}
    >
      {image.map((share, bin) => bar(share, bin, "image"))}
      {text.map((share, bin) => bar(share, bin, "text"))}
      {labels.map((share) => (
        <text
          key={share}
          x={share * width}
          y={half + 11.5}
          text-anchor={share === 0 ? "start" : share === 1 ? "end" : "middle"}
        >
          {share === 0 ? "0" : significant(share * histogram.upper, 2)}
        </text>
      ))}
    </svg>
  );
}

function shares(counts: Float64Array): number[] {
  const sum = counts.reduce((total, value) => total + value, 0);
  return Array.from(counts, (value) => (sum > 0 ? value / sum : 0));
}
