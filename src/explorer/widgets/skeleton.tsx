/** The place of something that has not arrived, as large as it will be, so that nothing jumps. */
import "./skeleton.css";
import type { JSX } from "preact";

interface SkeletonProps {
  /** CSS lengths. */
  width?: string;
  height?: string;
  /** A thumbnail or a chart rather than a line of words. */
  shape?: "words" | "box";
}

export function Skeleton({ width = "100%", height, shape = "words" }: SkeletonProps): JSX.Element {
  const size = { width, height: height ?? (shape === "words" ? "0.8em" : "100%") };
  return <span class={`skeleton skeleton-${shape}`} style={size} aria-hidden="true" />;
}

/** Rows of a list, each with a thumbnail and words. */
export function SkeletonRows({ count, height }: { count: number; height: number }): JSX.Element {
  return (
    <div class="skeleton-rows" aria-hidden="true">
      {Array.from({ length: count }, (_, i) => (
        <div key={i} style={{ height: `${height}px` }}>
          <Skeleton shape="box" width="38px" height="38px" />
          <Skeleton width={`${28 + ((i * 37) % 30)}%`} />
        </div>
      ))}
    </div>
  );
}
