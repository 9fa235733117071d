/** Where a concept stands between captions and pictures: a mark on the colour scale. */
import "./modality-bar.css";
import type { JSX } from "preact";
import { modalityWords } from "../map/modality-colours.ts";
import { fixed, percent } from "./number-text.ts";

export function ModalityBar({
  score,
  active,
  wide = false,
  value = false,
}: {
  score: number;
  active: { image: number; text: number };
  wide?: boolean;
  /** Whether the score stands beside the bar. */
  value?: boolean;
}): JSX.Element {
  const words = modalityWords(score, active);
  const label = Number.isNaN(score) ? words : `${words}: ${percent(score)} of its energy on pictures`;
  if (Number.isNaN(score)) {
    return <span class="modality-none">{words}</span>;
  }
  const bar = (
    <span class={wide ? "modality modality-wide" : "modality"} role="img" aria-label={label} title={label}>
      <span class="modality-mark" style={{ left: `${100 * score}%` }} />
    </span>
  );
  if (!value) return bar;
  return (
    <span class="modality-and-value">
      {bar}
      <span>{fixed(score, 2)}</span>
    </span>
  );
}
