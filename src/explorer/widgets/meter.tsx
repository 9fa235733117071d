/** A bar as long as a share of its greatest value. */
import "./meter.css";
import type { JSX } from "preact";

interface MeterProps {
  share: number;
  tone?: "image" | "text" | "plain";
}

export function Meter({ share, tone = "plain" }: MeterProps): JSX.Element {
  const width = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) * 100 : 0;
  return (
    <span class={`meter meter-${tone}`} aria-hidden="true">
      <span style={{ width: `${width}%` }} />
    </span>
  );
}
